package dev.heddle.cli;

import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.engine.Engines;
import java.io.IOException;
import java.util.Objects;
import java.util.stream.Collectors;

/** The answer of {@code heddle --version}: what runs here. */
final class Version {

    /** The first JDK without the bug of {@link #WARNING}. */
    private static final Runtime.Version SOUND = Runtime.Version.parse("25.0.4");

    private static final String WARNING = "heddle: this JDK is older than 25.0.4 and may leave a task blocked on a monitor for ever (JDK-8373120)\n";

    private Version() {}

    /** Prints it, and warns of a JDK with a known bug. Gives the exit code. */
    static int print(CommandStreams stdio) throws IOException {
        stdio.result("heddle " + heddle() + "\n"
                + "JDK " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")\n"
                + "engine " + chosenEngine() + otherEngines() + "\n");
        if (isUnsound(Runtime.version())) {
            stdio.tell(WARNING);
        }
        return Exit.FINE;
    }

    /** Also where somebody asks for an engine that is not there: this command tells what is. */
    private static String chosenEngine() {
        try {
            return Engines.chosen();
        } catch (IllegalArgumentException e) {
            return "none: " + e.getMessage();
        }
    }

    private static String otherEngines() {
        return Engines.offers().stream()
                .map(offer -> offer.name() + offer.whyNot().map(why -> " (cannot work here: " + why + ")").orElse(""))
                .collect(Collectors.joining(", ", "\nengines ", ""));
    }

    /** The version of the jar; classes outside of one have none. */
    static String heddle() {
        return Objects.requireNonNullElse(Version.class.getPackage().getImplementationVersion(), "development");
    }

    static boolean isUnsound(Runtime.Version version) {
        return version.compareToIgnoreOptional(SOUND) < 0;
    }
}
