package dev.heddle.http.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The public suffixes that the JDK checks certificates against, {@code lib/security/public_suffix_list.dat}: a zip file
 * with an entry for each top-level domain, whose lines have one byte for the kind of registry before the rule.
 */
final class InstalledSuffixes {

    /** What stands in: the registries and hosts that most people meet, chosen of publicsuffix.org in 2026. */
    private static final List<String> SHORT = """
            *.bd *.ck *.er *.fk *.jm *.kh *.mm *.np *.pg
            ac.at co.at gv.at or.at
            com.au edu.au gov.au id.au net.au org.au
            com.br edu.br gov.br net.br org.br
            com.cn edu.cn gov.cn net.cn org.cn
            com.hk org.hk co.id go.id or.id web.id
            ac.il co.il gov.il org.il
            ac.in co.in firm.in gen.in gov.in ind.in net.in org.in
            ac.jp ad.jp co.jp ed.jp go.jp gr.jp lg.jp ne.jp or.jp
            ac.kr co.kr go.kr ne.kr or.kr re.kr
            com.mx gob.mx net.mx org.mx com.my org.my
            ac.nz co.nz geek.nz govt.nz net.nz org.nz school.nz
            com.ph org.ph com.pk org.pk com.pl net.pl org.pl
            com.sa com.sg edu.sg gov.sg org.sg ac.th co.th go.th in.th or.th
            com.tr gov.tr org.tr com.tw org.tw com.ua in.ua
            ac.uk co.uk gov.uk ltd.uk me.uk net.uk nhs.uk org.uk plc.uk sch.uk
            com.uy com.ve com.vn ac.za co.za gov.za org.za
            amazonaws.com appspot.com azurewebsites.net blogspot.com cloudfront.net firebaseapp.com
            fly.dev github.io gitlab.io herokuapp.com netlify.app onrender.com pages.dev readthedocs.io
            vercel.app web.app workers.dev wordpress.com
            """.lines().flatMap(line -> List.of(line.split(" ")).stream()).toList();

    static final PublicSuffixes LIST = new SuffixRules(read(
            Path.of(System.getProperty("java.home", ""), "lib", "security", "public_suffix_list.dat")));

    /** What the list of a JDK has at least. */
    private static final int MIN_RULES = 1_000;

    private InstalledSuffixes() {}

    /** The rules of such a file, or the short list if it is missing or has another form. */
    static List<String> read(Path file) {
        var rules = new ArrayList<String>();
        try (var zip = new ZipInputStream(Files.newInputStream(file))) {
            var reader = new BufferedReader(new InputStreamReader(zip, UTF_8));
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    if (line.length() > 1) {
                        rules.add(line.substring(1));
                    }
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            // A Java without the list is no error: the short one stands in.
            return SHORT;
        }
        return rules.size() < MIN_RULES ? SHORT : rules;
    }
}
