package dev.heddle.http.internal.codec;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** A name of a field that is known, found by its bytes without regard to case. */
final class FieldName {

    /** What a field is to the one who reads a head. */
    enum Use {
        TEXT,
        HOST,
        LENGTH,
        CONNECTION,
        FRAMING
    }

    /** A power of two, and several times the names, so that few share a slot. */
    private static final int SLOTS = 512;

    /** Each name is at its hash or, where another is, at one of the next slots. */
    private static final FieldName[] TABLE = new FieldName[SLOTS];

    /** Makes an upper-case letter a lower-case one, and of no other byte of a token a letter, a digit or a hyphen. */
    private static final int CASE = 0x20;

    static {
        int bits = 0;
        for (HttpHeader header : HttpHeader.values()) {
            if (!header.isPseudo()) {
                boolean single = RequestParser.SINGLETONS.contains(header);
                put(new FieldName(header, single ? 1L << bits++ : 0));
            }
        }
    }

    private final String text;
    private final byte[] folded;
    private final Use use;
    private final long bit;

    private FieldName(HttpHeader header, long bit) {
        this.text = header.asString();
        this.folded = text.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
        this.use = switch (header) {
            case HOST -> Use.HOST;
            case CONTENT_LENGTH -> Use.LENGTH;
            case CONNECTION -> Use.CONNECTION;
            case TRANSFER_ENCODING -> Use.FRAMING;
            default -> Use.TEXT;
        };
        this.bit = bit;
    }

    private static void put(FieldName name) {
        int slot = slot(name.folded, 0, name.folded.length);
        while (TABLE[slot] != null) {
            slot = (slot + 1) & (SLOTS - 1);
        }
        TABLE[slot] = name;
    }

    /** The name that stands between two positions, in any case; null if it is none of these. For tokens. */
    static @Nullable FieldName find(byte[] bytes, int from, int to) {
        int slot = slot(bytes, from, to);
        while (true) {
            FieldName name = TABLE[slot];
            if (name == null || name.isNamed(bytes, from, to)) {
                return name;
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
    }

    /**
     * How the name of a field is told: in its usual case if it is known. The codec does so for some, by how their bytes were cut.
     */
    static String of(HttpField field) {
        HttpHeader known = field.getHeader();
        return known == null ? field.getName() : known.asString();
    }

    /** The length and a few letters tell nearly all apart. */
    private static int slot(byte[] bytes, int from, int to) {
        int length = to - from;
        int first = bytes[from] | CASE;
        int middle = bytes[from + length / 2] | CASE;
        int last = bytes[to - 1] | CASE;
        return ((((first * 31 + middle) * 31 + last) * 31 + length) * 0x9E37_79B1) >>> 23;
    }

    private boolean isNamed(byte[] bytes, int from, int to) {
        if (to - from != folded.length) {
            return false;
        }
        for (int i = 0; i < folded.length; i++) {
            if ((bytes[from + i] | CASE) != folded[i]) {
                return false;
            }
        }
        return true;
    }

    /** The name in the case in which it is usually written. */
    String text() {
        return text;
    }

    Use use() {
        return use;
    }

    /** One bit of its own for a name that must not come twice in a request; none for others. */
    long bit() {
        return bit;
    }
}
