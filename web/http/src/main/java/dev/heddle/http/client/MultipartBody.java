package dev.heddle.http.client;

import dev.heddle.Heddle;
import dev.heddle.engine.Engine;
import dev.heddle.http.internal.client.call.ClientBody;
import dev.heddle.http.internal.syntax.ContentTypes;
import dev.heddle.http.internal.syntax.FieldSyntax;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The parts of a {@code multipart/form-data} body (RFC 7578) that a client sends: fields and files, in order.
 *
 * <pre>{@code
 * http.request("POST", url)
 *         .multipart(form -> form
 *                 .field("title", "Holiday")
 *                 .file("photo", Path.of("beach.jpg"), "image/jpeg"))
 *         .send();
 * }</pre>
 *
 * <p>Files and streams are read while they are sent, on worker threads. If the length of every part is known the server
 * gets that of the whole. Names are written in UTF-8; quotes and line ends in them as browsers do, as {@code %22} and
 * {@code %0D%0A}.
 *
 * <p>Threads: the task that makes the request. To test code that uses it, send to a server that reads
 * {@link dev.heddle.http.server.Request#formData()}.
 */
public final class MultipartBody {

    private static final byte[] LINE_END = {'\r', '\n'};

    /** Looks at the data of a part when the request gets its body. */
    @FunctionalInterface
    private interface Source {
        ClientBody look() throws IOException;
    }

    /**
     * A part as it was asked for.
     *
     * @param head without the boundary before and the empty line behind
     */
    private record Planned(String head, Source source) {}

    /** A part that can be sent. */
    private record Piece(String head, ClientBody data) {}

    private final List<Planned> planned = new ArrayList<>();

    MultipartBody() {}

    /** Adds a text, as UTF-8. */
    public MultipartBody field(String name, String value) {
        var data = new ClientBody.Bytes(value.getBytes(StandardCharsets.UTF_8));
        return add(disposition(name) + "\r\n", () -> data);
    }

    /** Adds a file under its own name, its type told from that. It is opened when it is sent. */
    public MultipartBody file(String name, Path file) {
        return file(name, file, ContentTypes.of(String.valueOf(file.getFileName())));
    }

    /**
     * Adds a file under its own name. A file that changes its length while it is sent fails the request.
     *
     * @throws IllegalArgumentException if the type has a forbidden character
     */
    public MultipartBody file(String name, Path file, String contentType) {
        String filename = String.valueOf(file.getFileName());
        return add(head(name, filename, contentType), () -> ClientBody.of(file));
    }

    /**
     * Adds a file that is in memory.
     *
     * @param bytes not copied, so the caller leaves them alone until all is sent
     * @throws IllegalArgumentException if the type has a forbidden character
     */
    public MultipartBody bytes(String name, String filename, String contentType, byte[] bytes) {
        var data = new ClientBody.Bytes(bytes);
        return add(head(name, filename, contentType), () -> data);
    }

    /**
     * Adds what a stream still holds, as a file. The stream is closed at the end, and the body can be sent only once.
     *
     * @throws IllegalArgumentException if the type has a forbidden character
     */
    public MultipartBody stream(String name, String filename, String contentType, InputStream source) {
        ClientBody data = ClientBody.of(Objects.requireNonNull(source));
        return add(head(name, filename, contentType), () -> data);
    }

    private MultipartBody add(String head, Source source) {
        planned.add(new Planned(head, source));
        return this;
    }

    /**
     * The body, with the lengths that its files have now.
     *
     * @throws IOException if a file is not there
     */
    ClientBody body(String boundary) throws IOException {
        var parts = new ArrayList<Piece>();
        for (Planned part : planned) {
            parts.add(new Piece(part.head(), part.source().look()));
        }
        boolean repeatable = parts.stream().allMatch(part -> part.data().isRepeatable());
        return new ClientBody.Written(out -> write(out, boundary, parts), length(boundary, parts), repeatable);
    }

    /** A boundary that nobody can foresee: 128 random bits. */
    static String newBoundary() {
        Engine random = Heddle.currentLoop().engine();
        return "heddle-" + Long.toHexString(random.random()) + Long.toHexString(random.random());
    }

    private static long length(String boundary, List<Piece> parts) {
        long length = end(boundary).length;
        for (Piece part : parts) {
            if (part.data().length() < 0) {
                return -1;
            }
            length += begin(boundary, part).length + part.data().length() + LINE_END.length;
        }
        return length;
    }

    private static void write(OutputStream out, String boundary, List<Piece> parts) throws Exception {
        for (Piece part : parts) {
            out.write(begin(boundary, part));
            switch (part.data()) {
                case ClientBody.None none -> {}
                case ClientBody.Bytes memory -> out.write(memory.bytes());
                case ClientBody.Written written -> written.writer().writeTo(out);
            }
            out.write(LINE_END);
        }
        out.write(end(boundary));
    }

    private static byte[] begin(String boundary, Piece part) {
        return ("--" + boundary + "\r\n" + part.head() + "\r\n").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] end(String boundary) {
        return ("--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String head(String name, String filename, String contentType) {
        FieldSyntax.checkValue("Content-Type", contentType);
        return disposition(name) + "; filename=\"" + escaped(filename) + "\"\r\nContent-Type: " + contentType + "\r\n";
    }

    private static String disposition(String name) {
        return "Content-Disposition: form-data; name=\"" + escaped(name) + "\"";
    }

    /** As the HTML standard says; what it does not escape and cannot be sent is refused. */
    private static String escaped(String name) {
        String escaped = name.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
        for (int i = 0; i < escaped.length(); i++) {
            if (Character.isISOControl(escaped.charAt(i)) && escaped.charAt(i) < 0x80 && escaped.charAt(i) != '\t') {
                throw new IllegalArgumentException("a name of a part has a control character at " + i);
            }
        }
        return escaped;
    }
}
