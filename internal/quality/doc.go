// Package quality tells which interviewers' work deserves a second look, and why. It turns each interview into a few [Facts], those
// of one interviewer into a [Summary], and the summaries of a study into [Flag]s, each with the statistic that raised it. A flag
// is a reason to look and to talk, never a verdict.
//
// It knows interviews, their questionnaire's shape and arithmetic. It must not know storage, devices or screens.
//
// What it looks for follows the American Statistical Association and AAPOR, "Data Fabrication in Survey Research" (2021) and
// AAPOR, "Interviewer Falsification in Survey Research" (2003): lengths, straight-lining, duplicates, production and outcome
// rates, and comparison among interviewers who work under the same conditions. The share of equal answers is percentmatch of
// Kuriakose and Robbins, "Don't Get Duped" (Statistical Journal of the IAOS 32, 2016); since a fixed limit accuses the innocent
// where a questionnaire is short or people are alike (Simmons, Mercer, Schwarzer and Kennedy, "Evaluating a New Proposal for
// Detecting Data Falsification in Surveys", 2016), an interviewer's own pairs are held against as many pairs with colleagues'
// interviews. Colleagues are described by median and MAD (Iglewicz and Hoaglin, "How to Detect and Handle Outliers", 1993), so that
// one cheat does not hide another, and the threshold grows with how many comparisons a study makes (Bonferroni).
//
// Records carry no hash of a telephone number: personal values are sealed with a fresh key each time, so that two equal numbers
// cannot be told to be equal without the research team's key. Respondents who were interviewed twice are therefore found by
// their answers only.
package quality
