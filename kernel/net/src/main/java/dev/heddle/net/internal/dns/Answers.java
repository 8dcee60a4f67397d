package dev.heddle.net.internal.dns;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The records of a name, found by its name servers, through names for names. */
public final class Answers {

    /** The names for names that are followed. */
    public static final int MAX_ALIASES = 16;

    /** The records of one name that are used; the rest of an answer is left out. */
    public static final int MAX_RECORDS = 64;

    private final NameServers servers;

    public Answers(NameServers servers) {
        this.servers = servers;
    }

    /**
     * What is known about a question.
     *
     * @param records of the type that was asked for; empty if there are none
     * @param named whether there is such a name at all
     * @param ttl how many seconds that is good, 0 for not at all
     */
    public record Answer(List<DnsRecord> records, boolean named, long ttl) {

        public Answer {
            records = List.copyOf(records);
        }
    }

    /**
     * Asks for the records of a name.
     *
     * @throws UnansweredException if no server has answered, or the names lead in a circle
     */
    public Answer ask(Question question) throws UnansweredException {
        String name = question.name();
        long ttl = Long.MAX_VALUE;
        int aliases = 0;
        while (true) {
            DnsReply reply = servers.ask(new Question(name, question.type()));
            Map<String, DnsRecord.Alias> next = new HashMap<>();
            Map<String, List<DnsRecord>> found = new HashMap<>();
            for (DnsRecord each : reply.answers()) {
                if (each instanceof DnsRecord.Alias alias) {
                    next.putIfAbsent(alias.owner(), alias);
                } else {
                    found.computeIfAbsent(each.owner(), _ -> new ArrayList<>()).add(each);
                }
            }
            // Records of names that nobody asked for are not looked at: they may be lies.
            boolean followed = false;
            for (DnsRecord.Alias alias = next.get(name); alias != null
                    && !found.containsKey(name); alias = next.get(name)) {
                if (++aliases > MAX_ALIASES) {
                    throw new UnansweredException("more than " + MAX_ALIASES + " names for names, the last " + name,
                            true);
                }
                ttl = Math.min(ttl, alias.ttl());
                name = alias.target();
                followed = true;
            }
            List<DnsRecord> records = found.get(name);
            if (records != null) {
                List<DnsRecord> used = records.subList(0, Math.min(records.size(), MAX_RECORDS));
                for (DnsRecord each : used) {
                    ttl = Math.min(ttl, each.ttl());
                }
                return new Answer(used, true, ttl);
            }
            boolean leadsOn = followed && reply.code() == DnsReply.OK && reply.zone() == null;
            if (!leadsOn || !Question.mayBeAsked(name)) {
                return new Answer(List.of(), reply.code() == DnsReply.OK, Math.min(ttl, negativeTtl(reply)));
            }
        }
    }

    /** RFC 2308 section 5; without the begin of its zone an answer that has nothing is not kept. */
    private static long negativeTtl(DnsReply reply) {
        DnsRecord.Zone zone = reply.zone();
        return zone == null ? 0 : Math.min(zone.ttl(), zone.minimum());
    }
}
