"""English first names, by which a person is told in small letters and apart from months and ordinary words. Data.

Russian names need no list: the dictionary of inflection knows them.
"""

from __future__ import annotations

from typing import Final

FIRST_NAMES: Final = """
aaron abby abigail adam adele adrian agnes aidan alan albert alex alexa alexander alexandra alexis alfred alice
alicia alina alison allison amanda amber amelia amy ana andrea andrew andy angela angelica angie anita ann anna
anne annie anthony antonio april archie ariana ariel arnold arthur ashley aubrey audrey august aurora ava
barbara barry beatrice becky bella ben benjamin bernard beth betty beverly bill billy blake bob bobby bonnie
brad bradley brandon brenda brian bridget brittany brooke bruce bryan caleb calvin cameron camila carl carla
carlos carmen carol caroline carrie casey cassandra catherine cathy cecilia charles charlie charlotte chase chuck
chelsea cheryl chloe chris christian christina christine christopher cindy claire clara clark claudia colin
connor corey craig crystal curtis cynthia daisy dale dan dana daniel daniela danielle danny daria darren dave
david dawn dean deborah debra dennis derek diana diane diego dmitry dominic donald donna doris dorothy douglas
drew duncan dustin dylan earl eddie edgar edith edward edwin eileen elaine eleanor elena eli elias elijah
elizabeth ella ellen ellie emily emma eric erica erik erin ernest esther ethan eugene eva evan eve evelyn faith
felix fiona florence frances francis frank fred gabriel gabriella gail gary gavin gemma george gerald gina
gloria gordon grace grant greg gregory guy gwen hailey hannah harold harriet harry harvey hassan hazel heather
hector heidi helen helena henry holly hope howard hugh hugo ian ibrahim igor irene iris isaac isabel isabella
ivan ivy jack jackie jackson jacob jacqueline jade jake james jamie jan jane janet janice jasmine jason jay jean
jeff jeffrey jennifer jenny jeremy jerry jesse jessica jesus jill jim jimmy joan joann joanna jocelyn jodie joe
joel john johnny jon jonathan jordan jorge jose joseph josh joshua joy joyce juan juanita judith judy julia
julian julie june justin karen karl kate katherine kathleen kathryn kathy katie kayla keith kelly ken kenneth
kevin kim kimberly kirk kristen kurt kyle lara larry laura lauren laurie lawrence leah leo leon leonard leslie
liam lilian lily linda lisa logan lois lola lorraine louis louise lucas lucia lucy luis luke lydia lynn mabel
madison maggie malcolm marc marcia marco marcus margaret maria mariah mariana marie marilyn mario marion
marjorie mark marlene marsha martha martin marvin mary mason mathew matilda matt matthew maureen max maxim may
megan melanie melissa mercedes mia michael michelle miguel mike mila mildred milo miranda miriam mohammed molly
monica morgan muhammad nadia nancy naomi natalia natalie natasha nathan neil nicholas nicole nigel nina noah
noel nora norma norman olga oliver olivia omar oscar owen paige pamela patricia patrick paul paula pauline pedro
peggy penelope penny perry peter phil philip phillip phoebe phyllis polly priscilla priya rachel ralph ramona
ray raymond rebecca regina rene rhonda ricardo richard rick ricky rita rob robert roberta robin rodney roger
roland ron ronald rosa rose rosemary roy ruby russell ruth ryan sabrina sally sam samantha samuel sandy sandra sara
sarah scarlett scott sean sebastian serena sergey seth shane shannon sharon shaun shawn sheila sherry shirley
sidney simon sofia sonia sophia sophie stacy stanley stella stephanie stephen steve steven stewart stuart sue
summer susan suzanne sylvia tamara tanya tara tatiana taylor ted teresa terry thelma theo theresa thomas tiffany
tim timothy tina todd tom tommy tony tracy travis trevor tyler ursula valerie vanessa vera verna veronica vicky
victor victoria vincent viola violet virginia vivian vladimir wade walter wanda warren wayne wendy wesley will
william willie winston xavier yolanda yvonne zach zachary zoe
"""

ORDINARY: Final = """
amber april august bill brooke chase crystal daisy dale dawn dean drew earl faith frank grace grant guy
heather holly hope iris ivy jack jade josh joy june leo lily mark mason max may penny ray rob robin rose ruby
sandy sue summer taylor ted verna victor viola violet virginia wade warren will
"""
"""First names that are ordinary words too: they need a capital letter, or a surname and a place."""
