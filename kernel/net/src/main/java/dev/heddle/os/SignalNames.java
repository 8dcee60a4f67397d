package dev.heddle.os;

import java.util.Locale;
import sun.misc.Signal;

/** The names of signals: {@code TERM}, which may also be written {@code SIGTERM}. */
final class SignalNames {

    private SignalNames() {}

    static Signal signal(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        String bare = upper.startsWith("SIG") ? upper.substring(3) : upper;
        try {
            return new Signal(bare);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("this system has no signal " + name, e);
        }
    }
}
