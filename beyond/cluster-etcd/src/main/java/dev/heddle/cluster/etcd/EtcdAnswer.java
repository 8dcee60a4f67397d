package dev.heddle.cluster.etcd;

import dev.heddle.cluster.store.Bytes;
import dev.heddle.http.JsonException;
import dev.heddle.json.JacksonCodec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An object of a document in which etcd answers, checked where it is read. What is absent is zero, empty or false, as
 * etcd leaves it out then; numbers of 64 bits are texts.
 */
final class EtcdAnswer {

    static final JacksonCodec JSON = new JacksonCodec();

    static final EtcdAnswer EMPTY = new EtcdAnswer(Map.of());

    private final Map<?, ?> members;

    private EtcdAnswer(Map<?, ?> members) {
        this.members = members;
    }

    /** @throws GatewayException if it is no object */
    static EtcdAnswer of(byte[] document) {
        try {
            if (JSON.read(document, Object.class) instanceof Map<?, ?> members) {
                return new EtcdAnswer(members);
            }
        } catch (JsonException e) {
            throw new GatewayException(GatewayException.Fate.UNKNOWN, "a bad answer: " + e.text(), e);
        }
        throw GatewayException.badAnswer("no object");
    }

    boolean has(String name) {
        return members.get(name) != null;
    }

    String text(String name) {
        return switch (members.get(name)) {
            case null -> "";
            case String text -> text;
            default -> throw wrong(name, "text");
        };
    }

    long number(String name) {
        Object value = members.get(name);
        try {
            return switch (value) {
                case null -> 0;
                case String text -> Long.parseLong(text);
                case Integer number -> number;
                case Long number -> number;
                default -> throw wrong(name, "number");
            };
        } catch (NumberFormatException e) {
            throw wrong(name, "number");
        }
    }

    boolean flag(String name) {
        return switch (members.get(name)) {
            case null -> false;
            case Boolean flag -> flag;
            default -> throw wrong(name, "flag");
        };
    }

    /** Bytes, which are in base64. */
    Bytes bytes(String name) {
        try {
            return Bytes.of(Base64.getDecoder().decode(text(name)));
        } catch (IllegalArgumentException e) {
            throw wrong(name, "base64");
        }
    }

    EtcdAnswer object(String name) {
        return object(name, members.get(name));
    }

    List<EtcdAnswer> objects(String name) {
        List<EtcdAnswer> all = new ArrayList<>();
        switch (members.get(name)) {
            case null -> {}
            case List<?> list -> list.forEach(each -> all.add(object(name, each)));
            default -> throw wrong(name, "list");
        }
        return all;
    }

    private static EtcdAnswer object(String name, @Nullable Object value) {
        return switch (value) {
            case null -> EMPTY;
            case Map<?, ?> map -> new EtcdAnswer(map);
            default -> throw wrong(name, "object");
        };
    }

    /** The revision of the store that answers. */
    long revision() {
        long revision = object("header").number("revision");
        if (revision < 1) {
            throw wrong("revision", "revision");
        }
        return revision;
    }

    private static GatewayException wrong(String name, String wanted) {
        return GatewayException.badAnswer('"' + name + "\" is no " + wanted);
    }
}
