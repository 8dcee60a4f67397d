package dev.heddle.cluster.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cluster.store.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A form is the JSON that a person would write, is read as it was written, and nothing else is read. */
final class JsonFormsTest {

    @Test
    void formIsPlainJsonWithoutWhatIsEmpty() {
        Bytes form = new JsonWriter().text("name", "a\"\\b\n\u0001/").text("none", "").number("zero", 0)
                .anyNumber("count", 0).number("low", Long.MIN_VALUE).number("high", Long.MAX_VALUE).flag("no", false)
                .flag("yes", true).open("in").number("a", 10).close().bytes("word", Bytes.utf8("\u4e16"))
                .bytes("raw", Bytes.of(new byte[]{-1, 0})).kept("\"later\":[1]").end();
        assertEquals("{\"name\":\"a\\\"\\\\b\\n\\u0001/\",\"count\":0,\"low\":-9223372036854775808,"
                + "\"high\":9223372036854775807,\"yes\":true,\"in\":{\"a\":10},\"word\":\"\u4e16\",\"rawBase64\":\"/wA=\","
                + "\"later\":[1]}", form.utf8());
        assertEquals("{}", new JsonWriter().end().utf8());
    }

    @Test
    void textsAndBytesAndNumbersAreReadAsTheyWereWritten() {
        Random random = new Random(7);
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int left = random.nextInt(20); left > 0; left--) {
                int point = random.nextInt(random.nextBoolean() ? 0x80 : 0x110000);
                if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
                    text.appendCodePoint(point);
                }
            }
            byte[] bytes = new byte[random.nextInt(8)];
            random.nextBytes(bytes);
            long number = random.nextLong() >> random.nextInt(64);
            Bytes form = new JsonWriter().text("text", text.toString()).bytes("bytes", Bytes.of(bytes))
                    .anyNumber(text + "?", number).end();
            assertEquals(Optional.of(List.of(text.toString(), Bytes.of(bytes), number)), JsonReader.read(form, in -> {
                String readText = "";
                Bytes readBytes = Bytes.EMPTY;
                long readNumber = 0;
                while (in.next()) {
                    switch (in.name()) {
                        case "text" -> readText = in.text();
                        case "bytes", "bytesBase64" -> readBytes = in.bytes();
                        default -> {
                            assertEquals(text + "?", in.name());
                            readNumber = in.number();
                        }
                    }
                }
                return List.of(readText, readBytes, readNumber);
            }));
        }
    }

    @Test
    void halvesOfPairsBecomeTheReplacementCharacter() {
        assertEquals("{\"a\":\"x\ufffdy\ufffd\ud83d\ude00\"}",
                new JsonWriter().text("a", "x\ud800y\udc00\ud83d\ude00").end().utf8());
    }

    @Test
    void fieldsOfLaterVersionsAreKeptAsTheyStand() {
        String later = "\"b\" : {\"c\":[1, {\"\u4e16\":null}]},\"d\":-1.5e+3";
        String kept = JsonReader.read(Bytes.utf8("{\"a\":1," + later + ", \"e\":2}"), in -> {
            while (in.next()) {
                switch (in.name()) {
                    case "a", "e" -> in.number();
                    default -> in.keep();
                }
            }
            return in.kept();
        }).orElseThrow();
        assertEquals(later, kept);
        assertEquals("{\"a\":1," + later + "}", new JsonWriter().number("a", 1).kept(kept).end().utf8());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", " { } ", "{\"a\":1}", "{\"a\":{\"b\":[]},\"c\":[1,[2]]}",
            "\n{\"a\" : true ,\t\"b\":null}\r",
            "{\"a\":\"\\u4E16\\ud83d\\ude00\\/\\b\\f\"}", "{\"a\":-0,\"b\":0.5,\"c\":1E9,\"d\":1e-9}",
            "{\"\":{}}", "{\"a\":1,\"a\":2}", "{\"\\u0061\":1}"})
    void whatIsJsonIsRead(String form) {
        assertEquals(Optional.of(true), skipped(Bytes.utf8(form)), form);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "1", "[]", "\"a\"", "{", "}", "{}}", "{} {}", "{}x", "{a:1}", "{'a':1}", "{\"a\"}",
            "{\"a\":}", "{\"a\":1,}", "{,}", "{\"a\":1 \"b\":2}", "{\"a\":01}", "{\"a\":-}", "{\"a\":1.}",
            "{\"a\":.5}", "{\"a\":1e}", "{\"a\":+1}", "{\"a\":tru}", "{\"a\":truex}", "{\"a\":NaN}", "{\"a\":[1,]}",
            "{\"a\":[,1]}", "{\"a\":[1}", "{\"a\":[1 2]}", "{\"a\":\"\n\"}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}",
            "{\"a\":\"\\ud800\"}", "{\"a\":\"\\ud800\\u0041\"}", "{\"a\":\"\\udc00\"}", "{\"a\":\"", "{\"a\":\"\\",
            "{\"a\":1", "\ufeff{}", "{\"a\":1}\u0000", "{\"a\":-01}", "{\"a\":--1}"})
    void whatIsNoJsonIsUnreadable(String form) {
        assertEquals(Optional.empty(), skipped(Bytes.utf8(form)), form);
    }

    @Test
    void noBeginningOfAFormIsReadableAndNoBrokenByteFailsOtherwise() {
        byte[] form = "{\"a\":[1.5e3,{\"b\":\"\u4e16\\ud83d\\ude00\"}],\"c\":-7,\"d\":false}"
                .getBytes(StandardCharsets.UTF_8);
        assertEquals(Optional.of(true), skipped(Bytes.of(form)));
        for (int length = 0; length < form.length; length++) {
            assertEquals(Optional.empty(), skipped(Bytes.of(Arrays.copyOf(form, length))));
        }
        int readable = 0;
        for (int i = 0; i < form.length; i++) {
            for (int b = 0; b < 256; b++) {
                byte[] broken = form.clone();
                broken[i] = (byte) b;
                readable += skipped(Bytes.of(broken)).isPresent() ? 1 : 0;
            }
        }
        assertTrue(readable < form.length * 64, readable + " of " + form.length * 256);
    }

    @Test
    void formThatIsDeepOrLargeOrNoUtf8IsUnreadable() {
        assertEquals(Optional.of(true), skipped(Bytes.utf8("{\"a\":" + "[".repeat(15) + "]".repeat(15) + "}")));
        assertEquals(Optional.empty(), skipped(Bytes.utf8("{\"a\":" + "[".repeat(16) + "]".repeat(16) + "}")));
        assertEquals(Optional.empty(), skipped(Bytes.utf8("{\"a\":".repeat(60_000))));
        assertEquals(Optional.empty(), skipped(Bytes.utf8("{\"a\":\"" + "x".repeat(70_000) + "\"}")));
        for (int b : new int[]{0x80, 0xc0, 0xff}) {
            assertEquals(Optional.empty(),
                    skipped(Bytes.of(new byte[]{'{', '"', 'a', '"', ':', '"', (byte) b, '"', '}'})));
            assertEquals(Optional.empty(), skipped(Bytes.of(new byte[]{'{', '"', (byte) b, '"', ':', '1', '}'})));
        }
    }

    @Test
    void fieldOfAnotherTypeMakesAFormUnreadable() {
        for (String value : List.of("\"1\"", "1.0", "1e3", "true", "null", "9223372036854775808", "[1]",
                "-9223372036854775809", "99999999999999999999")) {
            assertEquals(Optional.empty(), JsonReader.read(Bytes.utf8("{\"a\":" + value + "}"), in -> {
                in.next();
                return in.number();
            }), value);
        }
        assertEquals(Optional.empty(), JsonReader.read(Bytes.utf8("{\"a\":2147483648}"), in -> {
            in.next();
            return in.integer();
        }));
        assertEquals(Optional.empty(), JsonReader.read(Bytes.utf8("{\"aBase64\":\"?\"}"), in -> {
            in.next();
            return in.bytes();
        }));
    }

    private static Optional<Boolean> skipped(Bytes form) {
        return JsonReader.read(form, in -> {
            while (in.next()) {
                in.skip();
            }
            return true;
        });
    }
}
