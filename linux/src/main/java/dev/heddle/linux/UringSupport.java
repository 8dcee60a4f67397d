package dev.heddle.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The check whether the kernel has the io_uring that {@link UringEngine} needs, and lets us use it. What files of
 * proc(5) tell is asked first: trying means linking native code, which would make the start of each program slower.
 */
final class UringSupport {

    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");
    private static final Pattern SECCOMP = Pattern.compile("(?m)^Seccomp:\\s*(\\d+)$");

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
        Matcher numbers = VERSION.matcher(version);
        if (!numbers.matches() || !isNewEnough(numbers)) {
            return Optional.of("it needs Linux " + MIN_MAJOR + "." + MIN_MINOR + ", this is " + version);
        }
        if (disabled.strip().equals("2")) {
            return Optional.of("kernel.io_uring_disabled forbids it");
        }
        Matcher filter = SECCOMP.matcher(status);
        boolean free = filter.find() && filter.group(1).equals("0");
        return free && (disabled.isBlank() || disabled.strip().equals("0")) ? Optional.empty() : tried();
    }

    private static boolean isNewEnough(Matcher numbers) {
        int major = Integer.parseInt(numbers.group(1));
        return major > MIN_MAJOR || (major == MIN_MAJOR && Integer.parseInt(numbers.group(2)) >= MIN_MINOR);
    }

    /** A small ring is made and given back: nothing tells what a container forbids. */
    private static Optional<String> tried() {
        try (Arena arena = Arena.ofShared()) {
            new Ring(arena, new Kernel(arena), 1).close();
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
