/**
 * The resolver's insides: messages of DNS, exchanges with name servers, the system's files, the order of addresses.
 *
 * <p>Read first: {@link dev.heddle.net.internal.dns.Answers}, which finds what a name has; {@link
 * dev.heddle.net.internal.dns.Exchange}, one question to one server; {@link dev.heddle.net.internal.dns.DnsReply}, which
 * trusts no byte of it.
 *
 * <p>Threads: tasks of one loop. Cancellation: a cancelled call leaves no socket open.
 *
 * <p>Units: times to live are seconds, as in DNS.
 */
@NullMarked
package dev.heddle.net.internal.dns;

import org.jspecify.annotations.NullMarked;
