package agent

// Text is what a person reads: the key of the interface's texts and the English words for where there are none.
type Text struct {
	Key     string
	English string
}

// Explain says what happened, what is safe and what to do. The key is "sync.error." and the reason; nil gives the zero Text.
func Explain(err error) Text {
	if err == nil {
		return Text{}
	}
	reason := ReasonOf(err)
	return Text{Key: "sync.error." + string(reason), English: english(reason)}
}

func english(r Reason) string {
	switch r {
	case NotEnrolled:
		return "This device is not enrolled yet. Ask your supervisor for a code."
	case Offline:
		return "No connection to central. Everything is saved here and goes out by itself when the network is back."
	case NotCentral:
		return "Something else answered instead of central. A public network may want you to sign in first. Everything is saved here."
	case Insecure:
		return "This address is not protected. Use one that begins with https://."
	case BadAddress:
		return "This is not an address. It looks like https://central.example.org."
	case BadCode:
		return "This code is not known, was used already or has expired. Ask your supervisor for a new one."
	case BadPassword:
		return "The user name or the password is not right."
	case OTPNeeded:
		return "The code of your authenticator app is needed too."
	case BadOTP:
		return "The code of the authenticator app is not right, or was used already. Wait for the next one."
	case OrganisationUnknown:
		return "Your organisation knows you, central does not yet. Ask whoever runs central to add you."
	case OrganisationRefused:
		return "Your organisation did not let you in, or you stopped."
	case OrganisationFailed:
		return "Your organisation’s sign-in did not work. Try again, or sign in with a password."
	case Revoked:
		return "This device was shut out by central. Everything is saved here; ask your supervisor for a new code."
	case Erase:
		return "The owner of the study ordered this device to be erased. It holds nothing any more."
	case SignInAgain:
		return "You have been signed out. Please sign in again."
	case Forbidden:
		return "You are not allowed to do this. Ask whoever runs the study."
	case CentralTooOld:
		return "Central is older than this app. Everything is saved here; tell whoever hosts central."
	case AppTooOld:
		return "This app is too old for central. Everything is saved here; please update the app."
	case TooMany:
		return "Too many attempts. Please wait a minute."
	case CentralTrouble:
		return "Central has a problem just now. Everything is saved here and goes out by itself later."
	case Refused:
		return "Central did not accept the request. Everything is saved here; tell your supervisor."
	case BadAnswer:
		return "The answer came damaged. Everything is saved here and is tried again."
	case UnsentHere:
		return "There are unsent interviews for another central on this device. Send them first."
	case Locked:
		return "The device is locked. Everything is saved here and goes out after the PIN."
	case WrongRelay:
		return "Another computer answered in place of your supervisor’s laptop. Nothing was given to it. Scan the code on the laptop again."
	case Cancelled:
		return "Stopped. Everything is saved here."
	}
	return "This device could not read or write its own data. Free some space and try again."
}
