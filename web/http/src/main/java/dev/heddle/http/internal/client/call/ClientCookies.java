package dev.heddle.http.internal.client.call;

import dev.heddle.http.internal.codec.ClientUrl;
import java.util.List;

/** The cookies of a client, as its calls see them: those for a request, and those of a reply. */
public interface ClientCookies {

    /** The value of the Cookie field of a request; empty if there is nothing to send. */
    String header(ClientUrl url);

    /** Takes the Set-Cookie fields of a reply. */
    void store(ClientUrl url, List<String> setCookies);
}
