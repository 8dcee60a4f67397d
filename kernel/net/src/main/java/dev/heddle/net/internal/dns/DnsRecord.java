package dev.heddle.net.internal.dns;

import java.net.InetAddress;

/** A record of an answer, of a type that somebody here reads. */
public sealed interface DnsRecord {

    /** Whose it is. */
    String owner();

    /** How many seconds it may be kept. */
    long ttl();

    /** An address, of either family. */
    record Address(String owner, long ttl, InetAddress address) implements DnsRecord {}

    /** A name for a name: CNAME. */
    record Alias(String owner, long ttl, String target) implements DnsRecord {}

    /** A place where a service is: SRV (RFC 2782). */
    record Service(String owner, long ttl, int priority, int weight, int port, String target) implements DnsRecord {}

    /** A text, its pieces put together. */
    record Text(String owner, long ttl, String text) implements DnsRecord {}

    /**
     * A way to an origin of https: HTTPS (RFC 9460).
     *
     * @param priority the least first; 0 for none but the target's own records
     * @param port that of the origin if it is 0
     * @param http3 whether HTTP/3 is spoken there, and nothing must be known that is not known here
     */
    record Https(String owner, long ttl, int priority, String target, int port, boolean http3) implements DnsRecord {}

    /** An HTTPS record that breaks the rules, so that none of its owner's counts (RFC 9460 section 2.2). */
    record Malformed(String owner, long ttl) implements DnsRecord {}

    /**
     * The begin of a zone: in an answer that has nothing, how long that may be kept (RFC 2308 section 5).
     *
     * @param minimum seconds
     */
    record Zone(String owner, long ttl, long minimum) implements DnsRecord {}
}
