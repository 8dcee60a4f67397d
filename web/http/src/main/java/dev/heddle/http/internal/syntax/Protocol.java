package dev.heddle.http.internal.syntax;

/** The versions of HTTP that are spoken here. */
public enum Protocol {
    HTTP_1_0("HTTP/1.0"),
    HTTP_1_1("HTTP/1.1"),
    HTTP_2("HTTP/2"),
    HTTP_3("HTTP/3");

    private final String text;

    Protocol(String text) {
        this.text = text;
    }

    /** Whether each request has a stream of its own. */
    public boolean hasStreams() {
        return compareTo(HTTP_2) >= 0;
    }

    /** As it stands in a request line, or would. */
    @Override
    public String toString() {
        return text;
    }
}
