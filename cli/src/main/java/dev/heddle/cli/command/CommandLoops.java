package dev.heddle.cli.command;

import dev.heddle.Config;
import java.time.Duration;

/** The loops of the commands, and how they are made. */
public final class CommandLoops {

    /**
     * As by default, but patient: a command's own tasks are short, and what holds a loop while a JVM warms up on a busy
     * machine is no news for who only wants pages.
     */
    public static final Config CONFIG = Config.DEFAULT.withBlockedAfter(Duration.ofSeconds(3));

    private CommandLoops() {}
}
