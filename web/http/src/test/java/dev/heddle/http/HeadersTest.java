package dev.heddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.internal.syntax.FieldSyntax;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Header fields: order, case, changes by copy, and what may not be in them. */
final class HeadersTest {

    private final Headers headers = Headers.of("A", "1", "b", "2", "a", "3");

    @Test
    void fieldsAreFoundWithoutRegardToCaseAndKeepTheirOrder() {
        assertEquals(Optional.of("1"), headers.get("a"));
        assertEquals(List.of("1", "3"), headers.all("A"));
        assertEquals(List.of(), headers.all("c"));
        assertEquals(List.of("A", "b"), List.copyOf(headers.names()));
        var seen = new ArrayList<String>();
        headers.forEach((name, value) -> seen.add(name + value));
        assertEquals(List.of("A1", "b2", "a3"), seen);
        assertEquals(3, headers.size());
        assertTrue(headers.contains("B") && !headers.contains("c"));
    }

    @Test
    void fieldsHavePlacesAndAreCountedByName() {
        assertEquals("b", headers.name(1));
        assertEquals("2", headers.value(1));
        assertEquals(2, headers.count("a"));
        assertEquals(0, headers.count("c"));
        assertEquals("1", headers.first("a"));
        assertNull(headers.first("c"));
        assertThrows(IndexOutOfBoundsException.class, () -> headers.name(3));
    }

    @Test
    void builderChecksEachFieldAndWhatItBuiltStays() {
        Headers.Builder builder = Headers.builder().add("A", "1");
        Headers one = builder.build();
        assertThrows(IllegalArgumentException.class, () -> builder.add("b c", "2"));
        assertThrows(IllegalArgumentException.class, () -> builder.add("b", "2\r\nc: 3"));
        assertEquals(Headers.of("A", "1", "b", "2"), builder.add("b", "2").build());
        assertEquals(Headers.of("A", "1"), one);
        assertSame(Headers.EMPTY, Headers.builder().build());
    }

    @Test
    void withTakesThePlaceOfAllFieldsOfTheName() {
        assertEquals(Headers.of("a", "9", "b", "2"), headers.with("A", "9"));
        assertEquals(Headers.of("A", "1", "b", "2", "a", "3", "c", "4"), headers.with("c", "4"));
        assertEquals(Headers.of("A", "1", "b", "2", "a", "3"), headers);
    }

    @Test
    void withAddedKeepsTheOthersAndWithoutRemovesAll() {
        assertEquals(List.of("1", "3", "4"), headers.withAdded("a", "4").all("a"));
        assertEquals(Headers.of("b", "2"), headers.without("a"));
        assertEquals(headers, headers.without("c"));
        assertTrue(Headers.of("a", "1").without("a").isEmpty());
    }

    @Test
    void withOthersTakesAllTheirFieldsInPlaceOfItsOwnOfThoseNames() {
        assertEquals(Headers.of("b", "2", "a", "7", "C", "8", "A", "9"),
                headers.with(Headers.of("a", "7", "C", "8", "A", "9")));
        assertSame(headers, headers.with(Headers.EMPTY));
        assertSame(headers, Headers.EMPTY.with(headers));
        assertEquals(Headers.of("A", "1", "b", "2", "a", "3"), headers);
    }

    @Test
    void endToEndLeavesOutWhatIsForOneConnection() {
        Headers came = Headers.of("Host", "h", "Connection", "close, X-Hop ,", "X-Hop", "1", "x-hop", "2", "connection",
                "Y", "y", "3", "Keep-Alive", "1", "TE", "trailers", "Trailer", "X", "Transfer-Encoding", "chunked",
                "Upgrade", "h2c", "Proxy-Authorization", "secret", "Proxy-Connection", "close", "Content-Length", "4",
                "Expect", "100-continue", "Set-Cookie", "a", "Set-Cookie", "b");
        assertEquals(Headers.of("Host", "h", "Set-Cookie", "a", "Set-Cookie", "b"), came.endToEnd());
        assertSame(headers, headers.endToEnd());
        assertTrue(Headers.of("Connection", "close").endToEnd().isEmpty());
    }

    @Test
    void equalHeadersHaveEqualHashes() {
        assertEquals(Headers.of("X", "1"), Headers.of("x", "1"));
        assertEquals(Headers.of("X", "1").hashCode(), Headers.of("x", "1").hashCode());
        assertNotEquals(Headers.of("X", "1"), Headers.of("X", "2"));
        assertNotEquals(Headers.of("X", "1"), Headers.EMPTY);
    }

    @Test
    void valuesAreNotInTheText() {
        assertFalse(Headers.of("Authorization", "secret").toString().contains("secret"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a:", "a\r\nb", "\u00e9", "a\0", "(a)"})
    void nameThatIsNoTokenIsRefused(String name) {
        assertThrows(IllegalArgumentException.class, () -> Headers.of(name, "v"));
        assertThrows(IllegalArgumentException.class, () -> headers.with(name, "v"));
        assertThrows(IllegalArgumentException.class, () -> headers.withAdded(name, "v"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb", "\n", "\0", "\u007f", " a", "a\t", "\u0100", "\u001b[0m"})
    void valueThatIsNoFieldValueIsRefusedAndNotRepeated(String value) {
        var refused = assertThrows(IllegalArgumentException.class,
                () -> Headers.of("n", "secret" + value + "secret\n"));
        assertFalse(String.valueOf(refused.getMessage()).contains("secret"));
        assertThrows(IllegalArgumentException.class, () -> Headers.of("n", value));
    }

    @Test
    void namesAndValuesComeInPairs() {
        assertThrows(IllegalArgumentException.class, () -> Headers.of("a"));
    }

    @Test
    void logLinesEscapeWhatAPeerSends() {
        assertEquals("\"a\\u000d\\u000ab\\u001b[1m\\\"\\\\\"", FieldSyntax.printable("a\r\nb\u001b[1m\"\\"));
        assertTrue(FieldSyntax.printable("x".repeat(10_000)).length() < 300);
    }

    /** Whoever is on the class path can call whatever is public. */
    @Test
    void noPublicMemberTakesFieldsUnchecked() throws ReflectiveOperationException {
        var begun = List.of(headers, Headers.builder());
        int refused = 0;
        assertEquals(List.of(), List.of(Headers.class.getConstructors()));
        assertEquals(List.of(), List.of(Headers.Builder.class.getConstructors()));
        for (Object each : begun) {
            for (Method method : each.getClass().getDeclaredMethods()) {
                if (Modifier.isPublic(method.getModifiers())
                        && begun.stream().anyMatch(method.getReturnType()::isInstance)
                        && method.getParameterCount() > 0 && !method.getName().equals("without")) {
                    refused += refusesLineEnds(each, method) ? 1 : 0;
                }
            }
        }
        assertEquals(4, refused); // of, with, withAdded, add
    }

    private static boolean refusesLineEnds(Object target, Method method) throws IllegalAccessException {
        Class<?>[] types = method.getParameterTypes();
        var arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            arguments[i] = switch (types[i].getSimpleName()) {
                case "String" -> i == 0 ? "name" : "value\r\nnext: field";
                case "String[]" -> new String[]{"name", "value\r\nnext: field"};
                case "Headers" -> Headers.EMPTY;
                default -> throw new AssertionError(method + " makes headers of what is not checked here");
            };
        }
        try {
            method.invoke(target, arguments);
            return false;
        } catch (InvocationTargetException e) {
            assertSame(IllegalArgumentException.class, e.getCause().getClass());
            return true;
        }
    }
}
