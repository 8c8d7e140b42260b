"""The vocabulary of chidao: records, register columns, errors and the store's tables."""
