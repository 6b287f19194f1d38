"""Ordinary English words that are near to those of requests. Data."""

from __future__ import annotations

from typing import Final

WORDS: Final = """
ability able about above accept access account across act actual adapt address advice afraid again age agree
ahead air allow alone along always among amount anger animal annoy answer anyone appear apple apply area argue
arm army arrive art aside asset attack attempt attend attic aunt away baby bad bag ball band bank bar base bath
bear beat beauty because become bed beer begin behind believe below best better beyond big bike bird birth bit
black blind block blood blue board boat body bone bonus boss boil boiling boot border boring born bottle bottom
box boy brain branch bread break bring brother brown brush build building burn bus busy butter buy call calm
came camera camp card care career carry case cash cat catch cause cell center certain chain chair chance charge
cheap cheese chef child choice choose church circle city claim class clean clever client climb close cloth cloud
coat code coffee coin cold collect color come comfort common compare compete complete computer concern confirm
consider contain content contract control cook cool copy corner correct cost cough count country couple course
court cover cow crack cream credit crime cross crowd cry culture cup current cut cute dad daily dance danger
dark data date daughter dead deaf dealer dear death debt decide deep defeat degree deliver depend desk detail
develop dial die diet differ dig dinner dirty dish dispatch doctor dog dollar door double down draft drama dream
dress drink drive dry due during duty each ear early earn earth east easy eat edge egg eight either else email
employ empty end enemy energy engine enjoy enough entire equal escape even evening event ever evil exact exam
example excuse expect expert explain eye face fact fail fair fall family famous far farm fast fat father fault
favor fear feature fee feed feel feet few field fight figure file fill film final fine finger finish fire fish
fit five fix flag flat floor flow flower fly fold follow food foot force forget form former fortune forward four
free fresh friend front fruit full fun funny future gain game garden gas gate gentle gift girl glad glass goal
gold good grade grand grass gray great green grey ground group grow guard guess guide gun guy hair half hall
hand handle hang happy hard hat hate head heal health hear heart heat heavy held hell help here hero hide high
hill history hit hold hole holiday home honest hope horse hospital host hot hotel hour house huge human hurry
hurt ice idea ill image impact inch income inner inside iron island job joke joy judge juice jump keen key kick
kid kill kind king kiss kitchen knee knife knock know lady lake land large late laugh law lay lazy leader leaf
lean learn leather left leg lend length less lesson letter level library lie life lift light like limit line
lion lip liquid live load loan local lock lonely long loose lord lose loss lot loud love low luck lunch machine
mad mail main male manage many map mark market marry mass match matter meal mean meat media meet member memory
mess metal method middle mild mile milk mind mine minor mirror miss mix mobile model modern moment money mood
moon moral mother motor mountain mouse mouth movie much music must nail naked name narrow nation nature near
neat neck need nerve net never new news nice night nine noise none nor normal north nose nothing notice noun
novel nurse ocean odd offer office often oil old once onion only onto opera option orange order other out
outside oven owner pack page pain paint pair pale pan paper parent park part party pass past path pause pay
peace pen people pepper perfect phone photo piano pick picture piece pig pilot pink pipe place plan plane plant
plate play player plenty plot pocket poem poet point pole police poor pop port pot power pray prefer pretty
price pride priest print prison prize profit proud prove pub public pull pure push queen quick quiet quite race
radio rail rain raise range rank rapid rare rate rather reach read ready real reality really reason receive
record red reduce refuse regret relax release relief rely rent repair repeat reply rest result retire revenue
rice rich ride ring rise risk river road rock role roof root rope rough round route row royal rub rude rule run
rush sad safe salad salary sale salt same sand save scale scan scene school score sea seal search season seat
secret seem sell senior sense series serve seven sew shade shake shall shape share sharp sheep sheet shelf shine
ship shirt shock shoe shoot shop short shot shoulder shout shower shut shy sick side sight signal silk silver
sing sink sister sit six size skill skin skip sky sleep slice slip slow small smart smell smile smoke smooth
snack snow soap soft soil solid solve some son song soon sorry sort soul sound soup south space speak speed
spell spend sport spot spread spring square stable staff stage stair stand star start state stay steal steam
steel step stick still stone store storm story street strong study stuff stupid style such sugar suit summer sun
super sure surface sweet swim table tail tale talk tall tape task taste tax tea teach team tear teeth ten tend
tent term test text thank theme thick thin thing think third thirst threat three throat throw tiger tight tiny
tip tired title toe tomato ton tone tongue tool tooth top total touch tough tour towel tower town toy track
trade train travel tree trip trouble truck true trust truth try tube turn twice twin two type ugly uncle under
unit unite untie until upper upset urge use usual valley value van vary vast very video village visa voice vote
wage wait wake walk wall war warm warn wash waste watch water wave way weak wealth wear weather wedding weight
west wet wheel while white whole wide wife wild win wind window wine wing winter wire wise wish woman wonder
wood word work world worry worse worth wound wrap wrong yard year yellow yes yet young youth zero zone hired
fired cooking finding adding dealing leading leaning meaning booing looking hooking liking lining biking hiking
making taking baking lined liked inked pink drinks links
"""
