package dev.heddle.http;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * A codec between values and JSON documents (RFC 8259). The module {@code heddle-json} has one, on Jackson, that is
 * found by itself; another one is given to {@link dev.heddle.http.server.HttpServer.Builder#json} and
 * {@link dev.heddle.http.client.HttpClient.Builder#json}, or provided as a service ({@link java.util.ServiceLoader}).
 *
 * <pre>{@code
 * record User(String name, int age) {}
 *
 * server.post("/users", request -> {
 *     User user = request.json(User.class);
 *     return Response.json(new User(user.name(), user.age() + 1));
 * });
 * }</pre>
 *
 * <p>All methods work in memory and never wait: the length of a document was limited before. One that takes long all the
 * same may give way to the other tasks of the loop, as {@link dev.heddle.Heddle#checkpoint} does.
 *
 * <p>Threads: any, many at a time. To test code that uses one, use the real one, or write two lines.
 */
public interface JsonCodec {

    /**
     * Writes a value.
     *
     * @return the document, in UTF-8
     * @throws IllegalArgumentException if the value has no form in JSON; a mistake of this program
     */
    byte[] write(Object value);

    /**
     * Reads a document, all of it.
     *
     * @param document in UTF-8; comes from a peer, so nothing of it may be trusted
     * @param type a class, or any other type that the codec knows
     * @return the value, an instance of the type; null only for the document {@code null}
     * @throws JsonException if the document is malformed or no such value; the peer's mistake
     * @throws IllegalArgumentException if the type is not one that can be read; a mistake of this program
     */
    @Nullable Object read(byte[] document, Type type);

    /**
     * Reads the body of a request, maybe stricter than {@link #read}: what a peer asks for must be understood whole,
     * while an answer may say more than its reader knows. The same as {@code read} unless the codec has other rules.
     *
     * @param document in UTF-8; comes from a peer, so nothing of it may be trusted
     * @param type a class, or any other type that the codec knows
     * @return the value, an instance of the type; null only for the document {@code null}
     * @throws JsonException as {@code read}
     * @throws IllegalArgumentException as {@code read}
     */
    default @Nullable Object readRequest(byte[] document, Type type) {
        return read(document, type);
    }
}
