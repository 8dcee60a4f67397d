package dev.heddle.http3.internal;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The table of fields that header blocks refer to by number (RFC 9204, appendix A). There is no other here: neither end
 * keeps a table that grows, so no block ever waits for what another stream brings.
 */
final class QpackTable {

    /** Names, and values where there are any, in the order of the appendix. */
    private static final List<String> TEXTS = """
            :authority
            :path /
            age 0
            content-disposition
            content-length 0
            cookie
            date
            etag
            if-modified-since
            if-none-match
            last-modified
            link
            location
            referer
            set-cookie
            :method CONNECT
            :method DELETE
            :method GET
            :method HEAD
            :method OPTIONS
            :method POST
            :method PUT
            :scheme http
            :scheme https
            :status 103
            :status 200
            :status 304
            :status 404
            :status 503
            accept */*
            accept application/dns-message
            accept-encoding gzip, deflate, br
            accept-ranges bytes
            access-control-allow-headers cache-control
            access-control-allow-headers content-type
            access-control-allow-origin *
            cache-control max-age=0
            cache-control max-age=2592000
            cache-control max-age=604800
            cache-control no-cache
            cache-control no-store
            cache-control public, max-age=31536000
            content-encoding br
            content-encoding gzip
            content-type application/dns-message
            content-type application/javascript
            content-type application/json
            content-type application/x-www-form-urlencoded
            content-type image/gif
            content-type image/jpeg
            content-type image/png
            content-type text/css
            content-type text/html; charset=utf-8
            content-type text/plain
            content-type text/plain;charset=utf-8
            range bytes=0-
            strict-transport-security max-age=31536000
            strict-transport-security max-age=31536000; includesubdomains
            strict-transport-security max-age=31536000; includesubdomains; preload
            vary accept-encoding
            vary origin
            x-content-type-options nosniff
            x-xss-protection 1; mode=block
            :status 100
            :status 204
            :status 206
            :status 302
            :status 400
            :status 403
            :status 421
            :status 425
            :status 500
            accept-language
            access-control-allow-credentials FALSE
            access-control-allow-credentials TRUE
            access-control-allow-headers *
            access-control-allow-methods get
            access-control-allow-methods get, post, options
            access-control-allow-methods options
            access-control-expose-headers content-length
            access-control-request-headers content-type
            access-control-request-method get
            access-control-request-method post
            alt-svc clear
            authorization
            content-security-policy script-src 'none'; object-src 'none'; base-uri 'none'
            early-data 1
            expect-ct
            forwarded
            if-range
            origin
            purpose prefetch
            server
            timing-allow-origin *
            upgrade-insecure-requests 1
            user-agent
            x-forwarded-for
            x-frame-options deny
            x-frame-options sameorigin""".lines().toList();

    private static final String[] NAMES = new String[TEXTS.size()];
    private static final String[] VALUES = new String[TEXTS.size()];

    /** Where each name stands, the first place first. */
    private static final Map<String, int[]> PLACES = new HashMap<>();

    static {
        for (int i = 0; i < NAMES.length; i++) {
            String text = TEXTS.get(i);
            int space = text.indexOf(' ');
            NAMES[i] = (space < 0 ? text : text.substring(0, space)).intern();
            VALUES[i] = space < 0 ? "" : text.substring(space + 1);
            int place = i;
            PLACES.merge(NAMES[i], new int[]{place}, (before, more) -> {
                int[] all = Arrays.copyOf(before, before.length + 1);
                all[before.length] = place;
                return all;
            });
        }
    }

    private QpackTable() {}

    static int size() {
        return NAMES.length;
    }

    static String name(int index) {
        return NAMES[index];
    }

    static String value(int index) {
        return VALUES[index];
    }

    /** Where a name stands first; -1 for nowhere. */
    static int find(String name) {
        int[] places = PLACES.get(name);
        return places == null ? -1 : places[0];
    }

    /** Where a field stands; -1 for nowhere. */
    static int find(String name, String value) {
        int[] places = PLACES.get(name);
        if (places != null) {
            for (int place : places) {
                if (VALUES[place].equals(value)) {
                    return place;
                }
            }
        }
        return -1;
    }
}
