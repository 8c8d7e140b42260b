"""What people and programs take away from a register besides `register.csv`: one small file a form."""
