package dev.heddle.linux.internal;

import java.util.Optional;

/** The check whether system calls can be made here at all. */
public final class Platform {

    private Platform() {}

    /** Why not, in a few words; empty if they can. */
    public static Optional<String> whyNot() {
        String system = System.getProperty("os.name");
        if (!system.equals("Linux")) {
            return Optional.of("it needs Linux, this is " + system);
        }
        if (!SyscallNumbers.areKnown()) {
            return Optional.of("the system calls of " + System.getProperty("os.arch") + " are not known to it");
        }
        return Optional.empty();
    }
}
