package dev.heddle.internal;

import dev.heddle.Loop;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The warning of a JDK in which a virtual thread may stay blocked on a monitor for ever: with the first loop of the
 * first process of a user that runs on it. An empty file in the user's cache directory, beside those of the other
 * caches, says that the user has been told; where it cannot be made, each process tells.
 *
 * <p>{@code -Dheddle.jdk.warning=false}, or {@code HEDDLE_JDK_WARNING=false} in the environment, silences it; with
 * {@code true} each process tells.
 */
public final class JdkWarning {

    /** What a process whose parent has warned is started with. */
    public static final String SILENT = "-Dheddle.jdk.warning=false";

    /** What such a JDK does, for a line that says more. */
    public static final String WHY = "this JDK may leave a task blocked on a monitor for ever (JDK-8373120)";

    /** What to do about it. */
    public static final String CURE = "25.0.4, 26.0.1 or later";

    /** The first update without the bug, by the JDK's first number; later JDKs never had it. */
    private static final Map<Integer, Integer> SOUND_UPDATES = Map.of(25, 4, 26, 1);

    private static final AtomicBoolean ASKED = new AtomicBoolean();

    private JdkWarning() {}

    /** Whether a JDK has the bug. */
    public static boolean isUnsound(Runtime.Version version) {
        return version.interim() == 0 && version.update() < SOUND_UPDATES.getOrDefault(version.feature(), 0);
    }

    /** Whether a JDK is the one of the tests. */
    public static boolean isProven(Runtime.Version version) {
        return version.feature() == JdkHook.PROVEN;
    }

    /** Warns, if nobody has asked before in this process. Any thread but one that drives a loop. */
    public static void tellOnce() {
        if (ASKED.get() || ASKED.getAndSet(true) || !isUnsound(Runtime.version())) {
            return;
        }
        String wanted = System.getProperty("heddle.jdk.warning", System.getenv("HEDDLE_JDK_WARNING"));
        if ("true".equals(wanted) || (!"false".equals(wanted) && isNews(place()))) {
            new ReportLog("dev.heddle", Loop.class).log(Level.WARNING, text(Runtime.version()), null);
        }
    }

    static String text(Runtime.Version version) {
        return WHY + ": it is " + version + ", and the cure is to run with " + CURE + "; " + SILENT
                + " says no more of it";
    }

    /** Whether the user has not been told, which from now on is so: of several processes one gets true. */
    static boolean isNews(@Nullable Path told) {
        if (told == null) {
            return true;
        }
        if (Files.exists(told)) {
            return false;
        }
        try {
            Path directory = told.getParent();
            if (directory != null && !Files.isDirectory(directory)) {
                // As the other caches make it, which hold code and refuse a directory of another mode.
                Files.createDirectories(directory,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Files.newByteChannel(told, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE).close();
            return true;
        } catch (FileAlreadyExistsException e) {
            return !Files.exists(told);
        } catch (IOException | UnsupportedOperationException | SecurityException e) {
            return true;
        }
    }

    /**
     * Where it is noted that the user has been told; null if there is no home. The {@code heddle} script looks there,
     * too.
     */
    private static @Nullable Path place() {
        String caches = System.getenv("XDG_CACHE_HOME");
        if (caches == null || !caches.startsWith("/")) {
            String home = System.getProperty("user.home", "");
            if (!home.startsWith("/")) {
                return null;
            }
            caches = home + "/.cache";
        }
        return Path.of(caches, "heddle", "jdk-" + System.getProperty("java.version") + ".told");
    }
}
