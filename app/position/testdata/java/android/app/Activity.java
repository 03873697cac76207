package android.app;

import android.content.Context;
import android.location.LocationManager;

/** What of Android's Activity the app calls, on a device in the state of the case. */
public class Activity extends Context {
	private final String state;
	public int asked;

	public Activity(String state) {
		this.state = state;
	}

	public int checkSelfPermission(String permission) {
		return state.equals("denied") || !permission.equals("android.permission.ACCESS_FINE_LOCATION") ? -1 : 0;
	}

	public void requestPermissions(String[] permissions, int code) {
		if (permissions.length == 1 && permissions[0].equals("android.permission.ACCESS_FINE_LOCATION")) {
			asked++;
		}
	}

	public Object getSystemService(String name) {
		if (state.equals("broken")) {
			throw new IllegalStateException("no services");
		}
		return name.equals("location") ? new LocationManager(state) : null;
	}
}
