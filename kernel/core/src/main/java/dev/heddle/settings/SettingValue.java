package dev.heddle.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The value of one setting, by the class of its component. */
final class SettingValue {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    /** @param words what must stand there, for people */
    private record Kind(String words, Function<String, Object> reader) {}

    private static final Map<Class<?>, Kind> KINDS = Map.ofEntries(
            Map.entry(String.class, new Kind("a text", text -> text)),
            Map.entry(int.class, new Kind("a whole number", Integer::valueOf)),
            Map.entry(Integer.class, new Kind("a whole number", Integer::valueOf)),
            Map.entry(long.class, new Kind("a whole number", Long::valueOf)),
            Map.entry(Long.class, new Kind("a whole number", Long::valueOf)),
            Map.entry(double.class, new Kind("a number", Double::valueOf)),
            Map.entry(Double.class, new Kind("a number", Double::valueOf)),
            Map.entry(boolean.class, new Kind("true or false", SettingValue::truth)),
            Map.entry(Boolean.class, new Kind("true or false", SettingValue::truth)),
            Map.entry(Duration.class, new Kind("a duration such as 500ms, 30s, 5m or PT1H30M", SettingValue::duration)),
            Map.entry(Path.class, new Kind("a path", Path::of)),
            Map.entry(URI.class, new Kind("a URI", URI::create)));

    private SettingValue() {}

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if it is no such value
     * @throws UnsupportedOperationException if no setting is of such a class
     */
    static Object of(Class<?> type, String text) {
        return type.isEnum() ? constant(type, text) : kind(type).reader.apply(text);
    }

    /** What must stand there. */
    static String words(Class<?> type) {
        return type.isEnum()
                ? Arrays.stream(type.getEnumConstants()).map(SettingValue::name)
                        .collect(Collectors.joining(", ", "one of ", ""))
                : kind(type).words;
    }

    private static Kind kind(Class<?> type) {
        Kind kind = KINDS.get(type);
        if (kind == null) {
            throw new UnsupportedOperationException("no setting is a " + type.getName());
        }
        return kind;
    }

    private static Object truth(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static Object duration(String text) {
        Matcher simple = DURATION.matcher(text);
        return simple.matches() ? duration(Long.parseLong(simple.group(1)), simple.group(2)) : Duration.parse(text);
    }

    private static Duration duration(long number, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    private static Object constant(Class<?> type, String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(each -> name(each).equalsIgnoreCase(text.replace('-', '_')))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(text));
    }

    private static String name(Object constant) {
        return ((Enum<?>) constant).name();
    }
}
