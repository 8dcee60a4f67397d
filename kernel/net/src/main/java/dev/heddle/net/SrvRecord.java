package dev.heddle.net;

/**
 * A place where a service is, as DNS tells (RFC 2782).
 *
 * @param target the host's name, without a dot at the end
 * @param port 0 to 65535
 * @param priority the places with the lowest are tried first, 0 to 65535
 * @param weight among those of one priority, how often a place is to be taken, 0 to 65535
 */
public record SrvRecord(String target, int port, int priority, int weight) {}
