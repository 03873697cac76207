// Package robot is an interviewer without hands: it reads the screens as they are laid out, scrolls, taps and types, and sees
// only what a person could see. A widget that is hidden, cut off, covered or disabled cannot be tapped. It drives the same
// screens under the toolkit's test driver and in a real window. It knows names on the screen and nothing of what lies behind them.
//
// It reads widgets' renderers through the toolkit's test package and therefore belongs into no app that ships: only tests and
// builds with the tag robot import it.
package robot
