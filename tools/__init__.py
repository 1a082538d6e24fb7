"""What the checkout needs beside the program: translations, browser, migrations check."""
