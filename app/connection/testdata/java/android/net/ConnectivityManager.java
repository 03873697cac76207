package android.net;

/** What of Android's ConnectivityManager the app calls. */
public class ConnectivityManager {
	private final String state;

	public ConnectivityManager(String state) {
		this.state = state;
	}

	public boolean isActiveNetworkMetered() {
		if (state.equals("forbidden")) {
			throw new SecurityException("ACCESS_NETWORK_STATE");
		}
		return state.equals("mobile");
	}
}
