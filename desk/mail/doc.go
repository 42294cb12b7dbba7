// Package mail sends what people with an account have to get by e-mail: today
// the one-time link for a new password. It knows how to speak to an SMTP
// server and how a letter reads in both languages; whether a letter is due is
// account's to say, and the job that asks for it stands in the transaction of
// whoever wanted it, so that none is lost. A letter may come twice, after a
// crash between its sending and the note of it.
package mail
