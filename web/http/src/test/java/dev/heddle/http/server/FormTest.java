package dev.heddle.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.Form;
import dev.heddle.http.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Bodies that are {@code application/x-www-form-urlencoded}. */
final class FormTest {

    private static final String TYPE = "Content-Type: application/x-www-form-urlencoded\r\n";

    private final List<Form> forms = new ArrayList<>();

    private final HttpServer.Builder server = HttpServer.builder().post("/", r -> {
        forms.add(r.form());
        assertSame(forms.getLast(), r.form());
        return Response.empty(204);
    });

    private static String post(String fields, String body) {
        return "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + fields + "Content-Length: " + body.length()
                + "\r\n\r\n" + body;
    }

    private Form form(String body) {
        assertEquals(204, Wire.status(Wire.ask(server, post(TYPE, body))), body);
        return forms.getLast();
    }

    private int status(String body) {
        return Wire.status(Wire.ask(server, post(TYPE, body)));
    }

    private static int statusWith(FormLimits limits, String body) {
        var limited = HttpServer.builder().post("/", r -> {
            r.form(limits);
            return Response.empty(204);
        });
        return Wire.status(Wire.ask(limited, post(TYPE, body)));
    }

    private static List<String> pairs(Form form) {
        var pairs = new ArrayList<String>();
        form.forEach((name, value) -> pairs.add(name + "=" + value));
        return pairs;
    }

    @Test
    void namesAndValuesComeInOrderAndDecoded() {
        Form form = form("b=1&a=x+y%21&b=2&c");
        assertEquals(List.of("b=1", "a=x y!", "b=2", "c="), pairs(form));
        assertEquals(Optional.of("1"), form.get("b"));
        assertEquals(List.of("1", "2"), form.all("b"));
        assertEquals(List.of("b", "a", "c"), List.copyOf(form.names()));
        assertEquals(Optional.empty(), form.get("d"));
        assertEquals(List.of(), form.all("d"));
        assertEquals(4, form.size());
    }

    @Test
    void emptyKeysAreKeptAndEmptyPairsSkipped() {
        assertEquals(List.of("=v", "=", "a=b=c"), pairs(form("=v&&=&a=b=c&")));
        assertTrue(form("").isEmpty());
        assertTrue(form("&&&").isEmpty());
    }

    @Test
    void textIsUtf8EscapedOrNot() {
        String raw = new String("\u00e4=\u20ac".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertEquals(List.of("\u00e4=\u20ac"), pairs(form(raw)));
        assertEquals(List.of("\u00e4=\u20ac"), pairs(form("%C3%a4=%e2%82%AC")));
        assertEquals(List.of("a=\ufffd"), pairs(form("a=%EF%BF%BD")));
    }

    @Test
    void malformedEscapesAndTextThatIsNoUtf8Get400() {
        for (String body : List.of(
                "%", "a=%", "a=%4", "a=%zz", "a=%4z", "%u0041=1", "a=%+1", "a=%-1", "a=%\u00b21", "a=%ff", "%c3=1",
                "a=\u00e4",
                "a=%ed%a0%80", "a=%C0%AF", "a=1%&b=2")) {
            assertEquals(400, status(body), body);
        }
        assertEquals(List.of(), forms);
    }

    @Test
    void charsetFieldIsAFieldLikeAnyOther() {
        assertEquals(List.of("_charset_=iso-8859-1", "a=\u00e4"), pairs(form("_charset_=iso-8859-1&a=%C3%A4")));
        assertEquals(400, status("_charset_=iso-8859-1&a=%E4"));
    }

    @Test
    void anotherTypeOrCharsetGets415() {
        for (String fields : List.of(
                "", "Content-Type: text/plain\r\n", "Content-Type: multipart/form-data; boundary=a\r\n",
                "Content-Type: application/x-www-form-urlencoded; charset=latin1\r\n",
                "Content-Type: application/x-www-form-urlencoded; charset=nope\r\n")) {
            assertEquals(415, Wire.status(Wire.ask(server, post(fields, "a=b"))), fields);
        }
        String spelt = "Content-Type: Application/X-WWW-Form-URLEncoded ; charset=\"UTF-8\"\r\n";
        assertEquals(204, Wire.status(Wire.ask(server, post(spelt, "a=b"))));
    }

    @Test
    void eachLimitGets413() {
        FormLimits limits = FormLimits.DEFAULT.withMaxBytes(20).withMaxPairs(3).withMaxNameBytes(4)
                .withMaxValueBytes(5);
        assertEquals(204, statusWith(limits, "a=1&b=2&c=3"));
        assertEquals(413, statusWith(limits, "a=1&b=2&c=3&d"));
        assertEquals(204, statusWith(limits, "%61bcd=%31%32345"));
        assertEquals(413, statusWith(limits, "abcde=1"));
        assertEquals(413, statusWith(limits, "a=123456"));
        assertEquals(413, statusWith(limits, "&".repeat(21)));
        assertThrows(IllegalArgumentException.class, () -> FormLimits.DEFAULT.withMaxPairs(-1));
    }

    @Test
    void oneMillionPairsGet413() {
        assertEquals(413, status("a&".repeat(400_000)));
        assertEquals(413, status("a&".repeat(1_000_000)));
    }

    @Test
    void manyPairsWithOneHashCostNoMoreThanOthers() {
        // "Aa" and "BB" have one hash, and so have all texts made of the same count of them.
        var colliding = new ArrayList<String>();
        for (int i = 0; i < 1 << 13; i++) {
            var name = new StringBuilder();
            for (int bit = 0; bit < 13; bit++) {
                name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            colliding.add(name.toString());
        }
        FormLimits limits = FormLimits.DEFAULT.withMaxPairs(1 << 13);
        byte[] body = String.join("&", colliding).getBytes(StandardCharsets.US_ASCII);
        assertTimeout(Duration.ofSeconds(20), () -> {
            Form form = FormParser.parse(body, limits);
            assertEquals(1 << 13, form.names().size());
            assertEquals(Optional.of(""), form.get(colliding.getLast()));
        });
    }

    @Test
    void textThatShowsAFormHasNoneOfItsSecrets() {
        Form form = Form.of("password", "secret");
        assertEquals("Form[1]", form.toString());
        assertEquals(Optional.of("secret"), form.get("password"));
        assertFalse(form.isEmpty());
        assertThrows(IllegalArgumentException.class, () -> Form.of("odd"));
        assertEquals(List.of(), Collections.unmodifiableList(Form.of().all("x")));
    }
}
