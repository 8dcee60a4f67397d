package dev.heddle.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The system's record of the process that has a number now: proc(5), its file {@code /proc/PID/stat}. Both are
 * {@link #UNKNOWN} where there is no such file.
 *
 * @param session the number of its session
 * @param start when it started, in ticks since the system did; with the number, this names one process
 */
record ProcessStat(String session, String start) {

    static final String UNKNOWN = "-";

    /** The fourth of the fields behind the name of the program, which may have spaces. */
    private static final int SESSION = 4;

    private static final int START = 20;

    static ProcessStat of(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')')).split(" ", START + 2);
            return new ProcessStat(fields[SESSION], fields[START]);
        } catch (IOException e) {
            return new ProcessStat(UNKNOWN, UNKNOWN);
        }
    }
}
