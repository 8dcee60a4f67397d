package dev.heddle.cli;

import dev.heddle.Heddle;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code heddle --version}: what runs here. */
final class Version {

    /** The first JDK without the bug of {@link #WARNING}. */
    private static final Runtime.Version SOUND = Runtime.Version.parse("25.0.4");

    private static final String WARNING = "heddle: this JDK is older than 25.0.4 and may leave a task blocked on a monitor for ever (JDK-8373120)\n";

    private Version() {}

    /** Prints it, and warns of a JDK with a known bug. Gives the exit code. */
    static int print(Stdio stdio) throws IOException {
        Callable<String> engine = () -> Heddle.currentLoop().engine().name();
        stdio.result("heddle " + heddle() + "\n"
                + "JDK " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")\n"
                + "engine " + Heddle.run(Loops.CONFIG, engine) + "\n");
        if (isUnsound(Runtime.version())) {
            stdio.tell(WARNING);
        }
        return Exit.FINE;
    }

    /** The version of the jar; classes outside of one have none. */
    static String heddle() {
        return Objects.requireNonNullElse(Version.class.getPackage().getImplementationVersion(), "development");
    }

    static boolean isUnsound(Runtime.Version version) {
        return version.compareToIgnoreOptional(SOUND) < 0;
    }
}
