package dev.heddle.internal;

import dev.heddle.Loop;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The warning of a JDK in which a virtual thread may stay blocked on a monitor for ever: once in a process, with its
 * first loop.
 *
 * <p>{@code -Dheddle.jdk.warning=false}, or {@code HEDDLE_JDK_WARNING=false} in the environment, silences it.
 */
public final class JdkWarning {

    /** What a process whose parent has warned is started with. */
    public static final String SILENT = "-Dheddle.jdk.warning=false";

    /** What such a JDK does, for a line that says more. */
    public static final String WHY = "this JDK is older than 25.0.4 and may leave a task blocked on a monitor for ever"
            + " (JDK-8373120)";

    /** The first JDK without the bug: the third number of its version, and the first. */
    private static final int SOUND_UPDATE = 4;

    private static final int SOUND_FEATURE = 25;

    private static final AtomicBoolean ASKED = new AtomicBoolean();

    private JdkWarning() {}

    /** Whether a JDK has the bug. */
    public static boolean isUnsound(Runtime.Version version) {
        return version.feature() < SOUND_FEATURE
                || (version.feature() == SOUND_FEATURE && version.interim() == 0 && version.update() < SOUND_UPDATE);
    }

    /** Warns, if nobody has asked before in this process. Any thread but one that drives a loop. */
    public static void tellOnce() {
        if (!ASKED.get() && !ASKED.getAndSet(true) && isUnsound(Runtime.version()) && !isSilenced()) {
            new ReportLog("dev.heddle", Loop.class).log(Level.WARNING, text(Runtime.version()), null);
        }
    }

    static String text(Runtime.Version version) {
        return WHY + ": it is " + version + ", and the cure is to run with 25.0.4 or later; " + SILENT
                + " says no more of it";
    }

    private static boolean isSilenced() {
        return "false".equals(System.getProperty("heddle.jdk.warning", System.getenv("HEDDLE_JDK_WARNING")));
    }
}
