package android.content;

/** What of Android's Context the app calls, for a test in any Java virtual machine. */
public abstract class Context {
	public abstract Object getSystemService(String name);
}
