package android.location;

/** What of Android's Location the app calls. */
public class Location {
	private final double latitude, longitude;
	private final float accuracy;
	private final long time;

	public Location(double latitude, double longitude, float accuracy, long time) {
		this.latitude = latitude;
		this.longitude = longitude;
		this.accuracy = accuracy;
		this.time = time;
	}

	public double getLatitude() {
		return latitude;
	}

	public double getLongitude() {
		return longitude;
	}

	public float getAccuracy() {
		return accuracy;
	}

	public long getTime() {
		return time;
	}
}
