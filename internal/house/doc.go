// Package house keeps the rules of the house as tests: what stands at the top level, which room may import which, where the
// toolkit and SQL may be used, and that everything but the screens builds for phones without a C compiler. It has no code of its
// own and must never get any.
package house
