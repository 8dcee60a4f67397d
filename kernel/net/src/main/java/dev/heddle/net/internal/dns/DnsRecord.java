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
     * The begin of a zone: in an answer that has nothing, how long that may be kept (RFC 2308 section 5).
     *
     * @param minimum seconds
     */
    record Zone(String owner, long ttl, long minimum) implements DnsRecord {}
}
