// Package question is the page that asks: one question at a time, Back and Next above, the answers, the verbatim, the language.
// The Presenter holds what the page shows and is tested without a display; the View draws it and forwards taps. It knows a
// running interview through Conversation and must not know where anything is stored.
package question
