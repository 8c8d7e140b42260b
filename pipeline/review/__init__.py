"""The reviewer's desk: a local web page on which the register is looked at, corrected and accepted."""
