package dev.heddle.linux;

import dev.heddle.linux.internal.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The check whether the kernel has the io_uring that {@link UringEngine} needs, and lets us use it. What files of
 * proc(5) tell is asked first: trying means linking native code, which would make the start of each program slower.
 */
final class UringSupport {

    /** The line of proc_pid_status(5) that says whether there is a filter of system calls: 0 for none. */
    private static final String SECCOMP = "Seccomp:";

    /** The first with {@code IORING_SETUP_DEFER_TASKRUN}: io_uring_setup(2). */
    private static final int MIN_MAJOR = 6;

    private static final int MIN_MINOR = 1;

    private UringSupport() {}

    static Optional<String> whyNot() {
        return whyNot(
                System.getProperty("os.version"),
                read(Path.of("/proc/sys/kernel/io_uring_disabled")),
                read(Path.of("/proc/self/status")));
    }

    /**
     * Judges what the files say.
     *
     * @param version that of the kernel
     * @param disabled the setting of sysctl, empty where there is none
     * @param status that of this process, whose seccomp(2) filter may forbid the calls
     */
    static Optional<String> whyNot(String version, String disabled, String status) {
        if (!isNewEnough(version)) {
            return Optional.of("it needs Linux " + MIN_MAJOR + "." + MIN_MINOR + ", this is " + version);
        }
        if (disabled.strip().equals("2")) {
            return Optional.of("kernel.io_uring_disabled forbids it");
        }
        return isUnfiltered(status) && (disabled.isBlank() || disabled.strip().equals("0"))
                ? Optional.empty()
                : tried();
    }

    private static boolean isNewEnough(String version) {
        int dot = numberEnd(version, 0);
        int end = numberEnd(version, dot + 1);
        if (dot == 0 || end <= dot + 1 || version.charAt(dot) != '.') {
            return false;
        }
        try {
            int major = Integer.parseInt(version, 0, dot, 10);
            int minor = Integer.parseInt(version, dot + 1, end, 10);
            return major > MIN_MAJOR || (major == MIN_MAJOR && minor >= MIN_MINOR);
        } catch (NumberFormatException e) {
            return false; // no version has so many digits
        }
    }

    /** Behind the last digit from an index on. */
    private static int numberEnd(String text, int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end;
    }

    private static boolean isUnfiltered(String status) {
        for (String line : status.split("\n", -1)) {
            if (line.startsWith(SECCOMP)) {
                return line.substring(SECCOMP.length()).strip().equals("0");
            }
        }
        return false;
    }

    /** A small ring is made and given back: nothing tells what a container forbids. */
    private static Optional<String> tried() {
        try (Arena arena = Arena.ofShared()) {
            new SharedRings(arena, new SystemCalls(arena), 1).close();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("it is forbidden here (" + e.getMessage() + "), as in most containers");
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
