package dev.heddle.http.server;

import dev.heddle.http.BodyWriter;
import dev.heddle.http.internal.codec.JsonCodecs;
import dev.heddle.http.internal.server.ResponseBody;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** A JSON value that becomes the body of a response when it is known whose codec writes it. */
record JsonWriter(Object value) implements BodyWriter {

    /** Only where a response gets by the server's own way: with the codec that is there. */
    @Override
    public void writeTo(OutputStream out) throws Exception {
        out.write(JsonCodecs.write(null, value));
    }

    /** A handler whose values are written as soon as it returns, so that middleware around it sees bytes. */
    static Handler writing(Handler handler) {
        return request -> written(request, handler.handle(request));
    }

    /** The response with its value, if it has one, written by the server's codec. */
    static Response written(Request request, @Nullable Response response) {
        if (response == null) {
            throw new IllegalStateException("the handler returned null");
        }
        return response.body() instanceof ResponseBody.Streamed(long length, JsonWriter json)
                ? response
                        .withBody(new ResponseBody.Bytes(JsonCodecs.write(request.settings().json(), json.value())))
                : response;
    }
}
