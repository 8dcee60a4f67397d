package dev.heddle.cli.doctor;

import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.cli.command.CommandLoops;
import dev.heddle.cli.command.ErrorText;
import dev.heddle.engine.Engines;
import dev.heddle.internal.JdkFlags;
import dev.heddle.internal.sight.Parts;
import dev.heddle.net.Dns;
import dev.heddle.tls.TlsEngines;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** The checks of engines, TLS and the resolver, and of whether a loop runs at all. */
final class EngineCheck {

    /** The hybrid group that holds against quantum computers: RFC 9954. */
    private static final String HYBRID = "X25519MLKEM768";

    private EngineCheck() {}

    static List<Finding> all() {
        List<Finding> findings = new ArrayList<>(engines(Engines.offers(), Engines::chosen));
        findings.addAll(JdkFlags.areGiven() ? loop() : List.of());
        List<Engines.Offer> tls = TlsEngines.offers().stream()
                .map(offer -> new Engines.Offer(offer.name(), offer.whyNot())).toList();
        findings.addAll(choice("TLS", "connections get this one", tls, TlsEngines::chosen, "HEDDLE_TLS, -Dheddle.tls"));
        findings.add(groups(supportedGroups()));
        return findings;
    }

    static List<Finding> engines(List<Engines.Offer> offers, Supplier<String> chosen) {
        return choice("engine", "loops get this one", offers, chosen, "HEDDLE_ENGINE, -Dheddle.engine");
    }

    private static List<Finding> choice(String area, String isChosen, List<Engines.Offer> offers,
            Supplier<String> chosen, String settings) {
        List<Finding> findings = new ArrayList<>();
        String name = "";
        try {
            name = chosen.get();
        } catch (IllegalArgumentException e) {
            findings.add(Finding.wrong(area, "", String.valueOf(e.getMessage()), "ask for another or for none: "
                    + settings));
        }
        boolean isBetter = !name.isEmpty();
        for (Engines.Offer offer : offers) {
            isBetter &= !offer.name().equals(name);
            if (offer.whyNot().isPresent()) {
                String why = offer.whyNot().get();
                findings.add(Finding.hint(area, offer.name(), "cannot work here: " + why, cure(why)));
            } else if (offer.name().equals(name)) {
                findings.add(Finding.ok(area, name, isChosen));
            } else if (isBetter) {
                findings.add(Finding.hint(area, offer.name(), "works here, and another was asked for",
                        "take back what asks: " + settings));
            } else {
                findings.add(Finding.ok(area, offer.name(), "works here"));
            }
        }
        return findings;
    }

    /** How to have an engine that cannot work here. */
    private static String cure(String why) {
        if (why.contains("io_uring_disabled")) {
            return "sysctl kernel.io_uring_disabled=0";
        }
        return why.contains("forbidden here")
                ? "a seccomp profile that allows io_uring_setup, io_uring_enter and io_uring_register"
                : "";
    }

    /** Runs a loop, and looks a name up, which makes the loop choose its resolver. */
    private static List<Finding> loop() {
        try {
            return Heddle.run(CommandLoops.CONFIG, () -> {
                Finding ran = Finding.ok("loop", "", "a task ran on " + Heddle.currentLoop().engine().name());
                Dns.resolve("localhost");
                return List.of(ran, resolver(resolverName()));
            });
        } catch (HeddleException | IllegalStateException | IllegalArgumentException e) {
            return List.of(Finding.wrong("loop", "", ErrorText.of(e), "mend what is wrong above, or tell us"));
        }
    }

    private static Optional<String> resolverName() {
        return Parts.all().stream()
                .filter(part -> part.type().equals("resolver"))
                .flatMap(part -> part.view().stream())
                .flatMap(view -> Stream.ofNullable(view.name()))
                .findFirst();
    }

    /** @param name what the loop says of its resolver, with the reason; empty if it has not chosen */
    static Finding resolver(Optional<String> name) {
        String text = name.orElse("the JDK's");
        return text.startsWith("the system's resolver")
                ? Finding.hint("resolver", "", text + ". Each look-up takes a thread",
                        "HEDDLE_RESOLVER=own, if the name servers of resolv.conf know all names")
                : Finding.ok("resolver", "", text);
    }

    static Finding groups(List<String> supported) {
        return supported.contains(HYBRID)
                ? Finding.ok("TLS", "groups", HYBRID + ", which holds against quantum computers")
                : Finding.hint("TLS", "groups", "this JDK has no " + HYBRID
                        + ", so what is recorded today can be read by a quantum computer one day",
                        "a JDK that has it, as 27 does, or heddle-tls-openssl on OpenSSL 3.5");
    }

    private static List<String> supportedGroups() {
        try {
            String[] groups = SSLContext.getDefault().getSupportedSSLParameters().getNamedGroups();
            return groups == null ? List.of() : List.of(groups);
        } catch (NoSuchAlgorithmException e) {
            return List.of();
        }
    }
}
