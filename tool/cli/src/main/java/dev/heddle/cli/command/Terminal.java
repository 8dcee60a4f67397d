package dev.heddle.cli.command;

import java.io.Console;
import java.util.Optional;

/** The terminal behind the standard error, with a width, or none. Any thread. */
@FunctionalInterface
public interface Terminal {

    /** No terminal: a file, a pipe, or nothing. */
    Terminal NONE = () -> 0;

    /** The width when a terminal does not tell it. */
    int DEFAULT_COLUMNS = 80;

    /** The width in characters now, which changes when the window does; 0 if this is no terminal. */
    int columns();

    /**
     * The terminal of this process. The launcher tells whether there is one, since the JDK can only ask about all
     * streams together.
     */
    static Terminal ofProcess() {
        String told = System.getProperty("heddle.terminal");
        boolean present = told == null
                ? Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false)
                : told.equals("true");
        return present && !"dumb".equals(System.getenv("TERM")) ? new WindowSize() : NONE;
    }
}
