package dev.heddle.cli.command;

import dev.heddle.engine.Engines;
import dev.heddle.internal.JdkWarning;
import java.io.IOException;
import java.util.Objects;
import java.util.stream.Collectors;

/** The answer of {@code heddle --version}: what runs here. */
public final class Version {

    /** What the launcher has picked, where it was asked. */
    private static final String COLLECTORS = "heddle.collectors";

    private Version() {}

    /** Prints it, and warns of a JDK with a known bug. Gives the exit code. */
    public static int print(CommandStreams stdio) throws IOException {
        stdio.result("heddle " + heddle() + "\n"
                + "JDK " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")\n"
                + "engine " + chosenEngine() + otherEngines() + collectors() + "\n");
        if (JdkWarning.isUnsound(Runtime.version())) {
            stdio.tell("heddle: " + JdkWarning.WHY + "\n");
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

    private static String collectors() {
        String picked = System.getProperty(COLLECTORS);
        return picked == null ? "" : "\ncollectors " + picked;
    }

    /** The version of the jar; classes outside of one have none. */
    public static String heddle() {
        return Objects.requireNonNullElse(Version.class.getPackage().getImplementationVersion(), "development");
    }
}
