package dev.heddle.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The user that a process acts as, known to a Unix system by number. */
public final class SystemUser {

    private static final Path SELF = Path.of("/proc/self/status");

    private SystemUser() {}

    /**
     * The number of the user of this process.
     *
     * @throws UnsupportedOperationException if the system knows users otherwise
     */
    public static int number() throws IOException {
        return Files.exists(SELF) ? number(SELF) : ofNewFile();
    }

    /**
     * The number of the user of another process.
     *
     * @throws IOException if it has ended, or the system does not tell
     */
    public static int number(long pid) throws IOException {
        return number(Path.of("/proc/" + pid + "/status"));
    }

    /** The second of the numbers: proc(5). The owner of the file is another where a process may not be looked into. */
    private static int number(Path status) throws IOException {
        for (String line : Files.readAllLines(status, StandardCharsets.ISO_8859_1)) {
            if (line.startsWith("Uid:")) {
                return (int) Long.parseLong(line.split("\t", -1)[2]);
            }
        }
        throw new IOException(status + " tells no user");
    }

    private static int ofNewFile() throws IOException {
        Path probe = Files.createTempFile("heddle-", null);
        try {
            return (int) Files.getAttribute(probe, "unix:uid");
        } finally {
            Files.delete(probe);
        }
    }
}
