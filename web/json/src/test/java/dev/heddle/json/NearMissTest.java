package dev.heddle.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.heddle.http.JsonException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Currency;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TimeZone;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Documents next to right ones: what the schema of a route forbids is refused, and what is taken comes out as it went
 * in. The misses are made of each right value: other forms of it, more around it, one beyond its range.
 */
final class NearMissTest {

    /** One component for each type that stands as a single value, or holds such. */
    record Everything(
            byte b, Byte boxedByte, short s, int i, Integer boxedInt, long l, double d, float f, boolean flag, char c,
            BigDecimal decimal, BigInteger integer, String text, byte[] bytes, int[] numbers, List<Byte> listed,
            Optional<Byte> maybe, OptionalInt maybeInt, OptionalLong maybeLong, OptionalDouble maybeDouble,
            DayOfWeek day, List<DayOfWeek> days,
            LocalDate date, LocalTime time, LocalDateTime dateTime, Instant instant, OffsetDateTime offset,
            ZonedDateTime zoned, Duration duration, Period period, Year year, YearMonth month, ZoneId zone,
            UUID id, URI uri, Locale locale, Currency currency, TimeZone timeZone, Set<String> set,
            Map<Integer, Integer> byInt, Map<UUID, Byte> byId, Map<DayOfWeek, String> byDay,
            Map<LocalDate, Long> byDate,
            Map<Double, Boolean> byDouble, Map<Boolean, String> byFlag, Map<Byte, String> byByte) {}

    private static final UUID ID = UUID.fromString("123e4567-e89b-12d3-a456-42661417400a");

    private static final Everything RIGHT = new Everything(
            (byte) 100, (byte) -5, (short) 7, 3, 4, 5, 1.5, 2.5f, true, 'x', new BigDecimal("1.10"), BigInteger.TEN,
            "text", new byte[]{0, 1, 2}, new int[]{1, 2}, List.of((byte) 1), Optional.of((byte) 2), OptionalInt.of(3),
            OptionalLong.of(4), OptionalDouble.of(5.5), DayOfWeek.MONDAY, List.of(DayOfWeek.FRIDAY),
            LocalDate.of(2026, 11, 27),
            LocalTime.of(4, 0, 5), LocalDateTime.of(2026, 11, 27, 4, 0, 5), Instant.parse("2026-11-27T04:00:05Z"),
            OffsetDateTime.parse("2026-11-27T04:00:05Z"), ZonedDateTime.parse("2026-11-27T04:00:05Z"),
            Duration.ofSeconds(5), Period.ofDays(3), Year.of(2026), YearMonth.of(2026, 11), ZoneId.of("Europe/Paris"),
            ID, URI.create("http://a/b"), Locale.of("en"), Currency.getInstance("EUR"),
            TimeZone.getTimeZone("Europe/Paris"), Set.of("a"), Map.of(1, 2), Map.of(ID, (byte) 1),
            Map.of(DayOfWeek.SUNDAY, "a"), Map.of(LocalDate.of(2026, 11, 27), 5L), Map.of(1.0, true),
            Map.of(true, "a"), Map.of((byte) 1, "a"));

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    /** Texts of JSON next to a right value. */
    private static Set<String> misses(JsonNode right) {
        Set<String> all = new LinkedHashSet<>(List.of("null", "true", "0", "1", "-1", "1.0", "1e0", "5", "5.5",
                "127", "128", "200", "-128", "-129", "32768", "65535", "2147483648", "9223372036854775808", "20000",
                "1764200000", "1764200000.5", "1e400", "1e1000000000", "1e400000000", "\"\"", "\" \"", "\"1\"",
                "\"1764200000\"", "\"NaN\"", "\"true\"", "[]", "{}", "[2026,11,27]", "[4,0]", "[0,1,200]",
                "\"2026-11-27T00:00:00Z\"", "\"2026-11-27T04:00:05\"", "\"+002026-11-27\"", "\"2026-11-31\"",
                "\"Ej5FZ+ibEtOkVkJmFBdAAA==\"", "\"1-1-1-1-1\"", "\"AA-_\"", "\"AAF=\"", "\"nowhere\"",
                "\"java.lang.String\""));
        around(right.toString(), all);
        if (right.isArray()) {
            Set<String> inner = new LinkedHashSet<>(List.of("null", "\"1\"", "1.0", "200", "-129"));
            around(right.get(0).toString(), inner);
            inner.forEach(each -> all.add("[" + each + "]"));
        }
        for (Map.Entry<String, JsonNode> entry : right.properties()) {
            String value = entry.getValue().toString();
            for (String key : List.of(" " + entry.getKey(), entry.getKey() + " ", "0" + entry.getKey(),
                    "+" + entry.getKey(), entry.getKey().toUpperCase(Locale.ROOT),
                    entry.getKey().toLowerCase(Locale.ROOT), entry.getKey() + ".0", "0", "1", "1.0", "1e0", "NaN",
                    "Infinity", "200", "")) {
                all.add("{\"" + key + "\":" + value + "}");
                all.add("{\"" + entry.getKey() + "\":" + value + ",\"" + key + "\":" + value + "}");
            }
            for (String other : List.of("null", "\"1\"", "1.0", "200", "[]")) {
                all.add("{\"" + entry.getKey() + "\":" + other + "}");
            }
        }
        return all;
    }

    private static void around(String value, Set<String> all) {
        all.add("[" + value + "]");
        all.add("{\"v\":" + value + "}");
        if (value.startsWith("\"")) {
            String text = value.substring(1, value.length() - 1);
            for (String other : List.of(" " + text, text + " ", "\\n" + text, "\\u00a0" + text, text + "\\u2003",
                    text.toUpperCase(Locale.ROOT), text.toLowerCase(Locale.ROOT), text + "x", "0" + text, "+" + text,
                    text.substring(1))) {
                all.add("\"" + other + "\"");
            }
        } else {
            all.add("\"" + value + "\"");
        }
    }

    /** What a codec takes against its document, or gives back as something else. */
    private static List<String> findings(JacksonCodec codec) {
        JsonNode document = JSON.readTree(Api.of("All", "1")
                .post("/", Everything.class, Everything.class, (request, it) -> it).json("/"));
        JsonNode schema = document.at("/components/schemas/Everything");
        var checker = new SchemaChecker(document);
        var right = (ObjectNode) JSON.readTree(codec.write(RIGHT));
        assertEquals(List.of(), checker.check(schema, right));
        var found = new ArrayList<String>();
        for (String name : List.copyOf(right.propertyNames())) {
            for (String miss : misses(right.get(name))) {
                String text = with(right, name, miss);
                try {
                    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                    Object read = codec.readRequest(bytes, Everything.class);
                    JsonNode back = JSON.readTree(written(codec, read, miss)).get(name);
                    JsonNode sent = JSON.readTree(text).get(name);
                    if (!checker.check(schema.at("/properties/" + name), sent).isEmpty()) {
                        found.add(name + ": " + miss + " is against the schema");
                    } else if (!isSame(name, sent, back)) {
                        found.add(name + ": " + miss + " comes out as " + back);
                    }
                } catch (JsonException refused) {
                    // As it should be.
                }
            }
        }
        return found;
    }

    private static byte[] written(JacksonCodec codec, Object read, String miss) {
        try {
            return codec.write(read);
        } catch (IllegalArgumentException e) {
            throw new AssertionError(miss + " was taken and cannot be written", e);
        }
    }

    private static String with(ObjectNode right, String name, String value) {
        ObjectNode others = right.deepCopy();
        others.remove(name);
        String rest = others.toString();
        return "{\"" + name + "\":" + value + "," + rest.substring(1);
    }

    /** The same value; null stands for what is not there, and times have more than one form (RFC 3339). */
    private static boolean isSame(String name, JsonNode sent, JsonNode back) {
        if (sent.isNumber() && back.isNumber()) {
            // A double or float is the nearest one.
            return sent.decimalValue().compareTo(back.decimalValue()) == 0
                    || (List.of("d", "f", "maybeDouble").contains(name)
                            && Math.abs(sent.doubleValue() / back.doubleValue() - 1) < 1e-7);
        }
        if (sent.isString() && back.isString()) {
            String a = sent.stringValue();
            String b = back.stringValue();
            return a.equalsIgnoreCase(b) || (a.contains("T") && b.startsWith(a.substring(0, a.length() - 1)));
        }
        return sent.equals(back);
    }

    @Test
    @Tag("full")
    void whatIsTakenIsAllowedAndComesOutAsItWentIn() {
        assertEquals("", String.join("\n", findings(new JacksonCodec())));
    }

    @Test
    @Tag("full")
    void mapperThatTakesOtherFormsIsFound() {
        List<String> found = findings(new JacksonCodec(
                JacksonCodec.exact().enable(MapperFeature.ALLOW_COERCION_OF_SCALARS).build()));
        assertFalse(found.isEmpty());
    }
}
