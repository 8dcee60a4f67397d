package dev.heddle.cli.command;

import dev.heddle.Config;
import dev.heddle.internal.Durations;
import java.time.Duration;

/** The loops of the commands, and how they are made. */
public final class CommandLoops {

    /**
     * As by default, but patient: a command's own tasks are short, and what holds a loop while a JVM warms up on a busy
     * machine is no news for who only wants pages.
     */
    public static final Config CONFIG = Config.DEFAULT.withBlockedAfter(Duration.ofSeconds(3));

    /** What a stop takes besides its grace: for clean-up, and for what ends behind it. */
    private static final Duration BESIDES = Duration.ofSeconds(10);

    private CommandLoops() {}

    /** The loops of a command that gives its work so long to end: of the shutdown timeout three quarters are for that. */
    public static Config withGrace(Duration grace) {
        Duration needed = grace.plus(BESIDES).multipliedBy(4).dividedBy(3);
        return CONFIG.withShutdownTimeout(Durations.longer(needed, CONFIG.shutdownTimeout()));
    }
}
