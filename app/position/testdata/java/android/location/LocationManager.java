package android.location;

/** What of Android's LocationManager the app calls: a device without the provider "fused", that knows what the case says. */
public class LocationManager {
	private final String state;

	public LocationManager(String state) {
		this.state = state;
	}

	public Location getLastKnownLocation(String provider) {
		switch (provider) {
			case "fused":
				throw new IllegalArgumentException("provider does not exist");
			case "gps":
				return state.equals("both") ? new Location(50.8467, 4.3525, 5, 1_700_000_000_000L) : null;
			case "network":
				return state.equals("nowhere") ? null : new Location(51.05, 3.72, 900, 1_700_000_100_000L);
		}
		if (state.equals("forbidden")) {
			throw new SecurityException(provider);
		}
		return null;
	}
}
