package sandbox

// failed is the helper's exit status where it could not become the program:
// what was promised would not have held.
const failed = 125
