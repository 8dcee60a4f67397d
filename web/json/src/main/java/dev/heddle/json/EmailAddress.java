package dev.heddle.json;

/** The form of a mailbox: an ASCII name, an at sign and the name of a host. */
final class EmailAddress {

    private static final int MAX_NAME = 64;
    private static final int MAX_ADDRESS = 254;
    private static final int MAX_LABEL = 63;

    private static final String IN_NAMES = "!#$%&'*+/=?^_`{|}~-.";

    private EmailAddress() {}

    static boolean is(CharSequence text) {
        if (text.length() > MAX_ADDRESS) {
            return false;
        }
        String address = text.toString();
        int at = address.indexOf('@');
        return at > 0 && at <= MAX_NAME && isName(address.substring(0, at)) && isHost(address.substring(at + 1));
    }

    private static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!isAlphanumeric(c) && IN_NAMES.indexOf(c) < 0) {
                return false;
            }
        }
        return !name.startsWith(".") && !name.endsWith(".") && !name.contains("..");
    }

    private static boolean isHost(String host) {
        int begin = 0;
        for (int i = 0; i <= host.length(); i++) {
            char c = i == host.length() ? '.' : host.charAt(i);
            if (c == '.') {
                if (i == begin || i - begin > MAX_LABEL || host.charAt(begin) == '-' || host.charAt(i - 1) == '-') {
                    return false;
                }
                begin = i + 1;
            } else if (!isAlphanumeric(c) && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
