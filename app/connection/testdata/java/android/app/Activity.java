package android.app;

import android.content.Context;
import android.net.ConnectivityManager;

/** What of Android's Activity the app calls, on a device in the state of the case. */
public class Activity extends Context {
	private final String state;

	public Activity(String state) {
		this.state = state;
	}

	public Object getSystemService(String name) {
		if (state.equals("broken")) {
			throw new IllegalStateException("no services");
		}
		if (state.equals("other")) {
			return "a service of another kind";
		}
		return name.equals("connectivity") && !state.equals("without") ? new ConnectivityManager(state) : null;
	}
}
