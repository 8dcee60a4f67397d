package dev.heddle.cli.sight;

import dev.heddle.cli.command.DurationText;
import dev.heddle.cli.command.UsageException;
import java.time.Duration;
import java.util.List;

/**
 * The words of a command that looks at a program for a time: {@code [PID] [TIME]}.
 *
 * @param program the PID, if there is one
 */
record TimedRequest(List<String> program, Duration time) {

    private static final Duration USUAL = Duration.ofSeconds(10);
    private static final Duration MAX = Duration.ofMinutes(10);

    /** Takes the words apart; a time alone has its unit, so that it is no PID. */
    static TimedRequest of(List<String> words) {
        if (words.size() > 2) {
            throw new UsageException("it takes a PID and a time, such as: 4711 10s");
        }
        boolean timed = words.size() == 2 || (words.size() == 1 && words.getFirst().matches(".*[0-9][a-z]+"));
        Duration time = timed ? DurationText.parse("the time", words.getLast()) : USUAL;
        if (time.compareTo(MAX) > 0 || time.toMillis() == 0) {
            throw new UsageException("the time is from 1ms to 10m");
        }
        return new TimedRequest(timed ? words.subList(0, words.size() - 1) : words, time);
    }
}
