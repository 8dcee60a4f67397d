package dev.heddle.http.client;

import dev.heddle.internal.Checks;

/**
 * The limits of what one {@link HttpClient} uses, on each loop, and accepts. Immutable; change one value with its
 * {@code with} method.
 */
public final class ClientLimits {

    /** 100 connections, all to one host if need be, 20 redirects, heads of 64 KiB, bodies of 64 MiB. */
    public static final ClientLimits DEFAULT = new ClientLimits(100, 100, 20, 64 * 1024, 256, 16, 64 * 1024 * 1024,
            1024L * 1024 * 1024);

    private final int maxConnections;
    private final int maxConnectionsPerHost;
    private final int maxRedirects;
    private final int maxHeadBytes;
    private final int maxFields;
    private final int maxInterimResponses;
    private final int maxBodyBytes;
    private final long maxDecodedBytes;

    private ClientLimits(int maxConnections, int maxConnectionsPerHost, int maxRedirects, int maxHeadBytes,
            int maxFields, int maxInterimResponses, int maxBodyBytes, long maxDecodedBytes) {
        Checks.atLeast("maxConnections", maxConnections, 1);
        Checks.atLeast("maxConnectionsPerHost", maxConnectionsPerHost, 1);
        Checks.atLeast("maxRedirects", maxRedirects, 0);
        Checks.atLeast("maxHeadBytes", maxHeadBytes, 256);
        Checks.atLeast("maxFields", maxFields, 1);
        Checks.atLeast("maxInterimResponses", maxInterimResponses, 0);
        Checks.atLeast("maxBodyBytes", maxBodyBytes, 0);
        Checks.atLeast("maxDecodedBytes", maxDecodedBytes, 0);
        this.maxConnections = maxConnections;
        this.maxConnectionsPerHost = maxConnectionsPerHost;
        this.maxRedirects = maxRedirects;
        this.maxHeadBytes = maxHeadBytes;
        this.maxFields = maxFields;
        this.maxInterimResponses = maxInterimResponses;
        this.maxBodyBytes = maxBodyBytes;
        this.maxDecodedBytes = maxDecodedBytes;
    }

    /**
     * Most connections open or being opened at once, to all hosts together, at least 1; one of HTTP/2 carries many
     * requests.
     */
    public int maxConnections() {
        return maxConnections;
    }

    /** Most connections to one scheme, host and port, straight or through one proxy, at least 1. */
    public int maxConnectionsPerHost() {
        return maxConnectionsPerHost;
    }

    /** Most redirects that one request follows, 0 to refuse all. */
    public int maxRedirects() {
        return maxRedirects;
    }

    /** Most bytes of one response head, status line and fields together, at least 256. */
    public int maxHeadBytes() {
        return maxHeadBytes;
    }

    /** Most header fields of one response, at least 1. */
    public int maxFields() {
        return maxFields;
    }

    /** Most 1xx responses before the real one, 0 to refuse all. */
    public int maxInterimResponses() {
        return maxInterimResponses;
    }

    /** Most bytes, after decoding, that {@link Reply#bytes()} and {@link Reply#text()} collect in memory. */
    public int maxBodyBytes() {
        return maxBodyBytes;
    }

    /** Most bytes that a compressed body may decode to, however it is read. */
    public long maxDecodedBytes() {
        return maxDecodedBytes;
    }

    public ClientLimits withMaxConnections(int maxConnections) {
        return new ClientLimits(maxConnections, maxConnectionsPerHost, maxRedirects, maxHeadBytes, maxFields,
                maxInterimResponses, maxBodyBytes, maxDecodedBytes);
    }

    public ClientLimits withMaxConnectionsPerHost(int maxConnectionsPerHost) {
        return new ClientLimits(maxConnections, maxConnectionsPerHost, maxRedirects, maxHeadBytes, maxFields,
                maxInterimResponses, maxBodyBytes, maxDecodedBytes);
    }

    public ClientLimits withMaxRedirects(int maxRedirects) {
        return new ClientLimits(maxConnections, maxConnectionsPerHost, maxRedirects, maxHeadBytes, maxFields,
                maxInterimResponses, maxBodyBytes, maxDecodedBytes);
    }

    public ClientLimits withMaxHeadBytes(int maxHeadBytes) {
        return new ClientLimits(maxConnections, maxConnectionsPerHost, maxRedirects, maxHeadBytes, maxFields,
                maxInterimResponses, maxBodyBytes, maxDecodedBytes);
    }

    public ClientLimits withMaxFields(int maxFields) {
        return new ClientLimits(maxConnections, maxConnectionsPerHost, maxRedirects, maxHeadBytes, maxFields,
                maxInterimResponses, maxBodyBytes, maxDecodedBytes);
    }

    public ClientLimits withMaxInterimResponses(int maxInterimResponses) {
        return new ClientLimits(maxConnections, maxConnectionsPerHost, maxRedirects, maxHeadBytes, maxFields,
                maxInterimResponses, maxBodyBytes, maxDecodedBytes);
    }

    public ClientLimits withMaxBodyBytes(int maxBodyBytes) {
        return new ClientLimits(maxConnections, maxConnectionsPerHost, maxRedirects, maxHeadBytes, maxFields,
                maxInterimResponses, maxBodyBytes, maxDecodedBytes);
    }

    public ClientLimits withMaxDecodedBytes(long maxDecodedBytes) {
        return new ClientLimits(maxConnections, maxConnectionsPerHost, maxRedirects, maxHeadBytes, maxFields,
                maxInterimResponses, maxBodyBytes, maxDecodedBytes);
    }

    @Override
    public String toString() {
        return "ClientLimits[maxConnections=" + maxConnections + ", maxConnectionsPerHost=" + maxConnectionsPerHost
                + ", maxRedirects=" + maxRedirects + ", maxHeadBytes=" + maxHeadBytes + ", maxFields=" + maxFields
                + ", maxInterimResponses=" + maxInterimResponses + ", maxBodyBytes=" + maxBodyBytes
                + ", maxDecodedBytes=" + maxDecodedBytes + "]";
    }
}
