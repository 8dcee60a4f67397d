package dev.heddle.process.internal.codec;

import dev.heddle.process.Format;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The facts that a child must know before its first work. It travels as a list: to take a record apart costs a child
 * more of its start than all else of this does.
 *
 * @param name its name, for threads and log lines
 * @param formats the names of the classes of {@link Format}s
 */
public record Setup(String name, int maxBytes, List<String> formats) {

    public List<Object> toList() {
        return List.of(name, maxBytes, formats);
    }

    /**
     * Reads what {@link #toList} has given.
     *
     * @throws UnreadableException if it is something else
     */
    public static Setup of(@Nullable Object list) {
        if (!(list instanceof List<?> parts)
                || parts.size() != 3
                || !(parts.get(0) instanceof String name)
                || !(parts.get(1) instanceof Integer maxBytes)
                || !(parts.get(2) instanceof List<?> classes)) {
            throw new UnreadableException("not a setup");
        }
        List<String> formats = new ArrayList<>();
        for (Object each : classes) {
            formats.add(String.valueOf(each));
        }
        return new Setup(name, maxBytes, formats);
    }
}
